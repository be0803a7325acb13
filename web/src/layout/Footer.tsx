// The bottom of every page: all links, because a phone’s header has room for two.
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
        <Link to="/">Browse</Link>
        <Link to="/help">How holds work</Link>
        {user ? (
          <>
            <Link to="/orders">My tickets</Link>
            <Link to="/selling">Selling</Link>
            <Link to="/account">Account</Link>
            <span className="whoami">
              Signed in as <bdi>{user.email}</bdi>
            </span>
            <SignOutButton className="as-link" />
          </>
        ) : (
          <Link to="/signin">Sign in</Link>
        )}
      </div>
    </footer>
  )
}
