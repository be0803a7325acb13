// Back to the list, with the search that led here.
import { Link, useLocation, useNavigate } from 'react-router'

export function BackLink() {
  const navigate = useNavigate()
  const hasHistory = useLocation().key !== 'default'
  return (
    <nav className="crumbs" aria-label="Breadcrumb">
      <Link
        to="/"
        onClick={(event) => {
          if (!hasHistory || event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          void navigate(-1)
        }}
      >
        ← All tickets
      </Link>
    </nav>
  )
}
