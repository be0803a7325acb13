// The name of the site, which links to the front page.
import { Link } from 'react-router'

export function Wordmark() {
  return (
    <Link className="wordmark" to="/">
      <svg viewBox="0 0 30 22" aria-hidden="true">
        <path
          fill="currentColor"
          d="M3 0h24a3 3 0 013 3v4.600a3.400 3.400 0 000 6.800V19a3 3 0 01-3 3H3a3 3 0 01-3-3v-4.600a3.400 3.400 0 000-6.800V3a3 3 0 013-3zm6.500 5.200v3h4v9h3.200v-9h4v-3z"
        />
      </svg>
      tiketz
    </Link>
  )
}
