// The bottom of every page: every door once more, for phones whose header has room for two.
import { Link } from 'react-router'
import { SignOutButton } from '../session/SignOutButton.tsx'
import { useUser } from '../session/useUser.ts'

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
