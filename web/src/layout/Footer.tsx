// The bottom of every page: help, and who is signed in.
import { Link } from 'react-router'
import { useUser } from '#api/useUser.ts'
import { SignOutButton } from '#features/session/SignOutButton.tsx'
import './Footer.css'

export function Footer() {
  const { user } = useUser()
  return (
    <footer>
      <div className="wrap">
        <span>Tiketz</span>
        <Link to="/help">How holds work</Link>
        {user && (
          <>
            <span className="whoami">
              Signed in as <bdi>{user.email}</bdi>
            </span>
            <SignOutButton className="as-link" />
          </>
        )}
      </div>
    </footer>
  )
}
