// The top of every page: navigation, and sign-in for visitors.
import { NavLink, useLocation } from 'react-router'
import { useUser } from '#api/useUser.ts'
import { signInPath } from '#components/signInPath.ts'
import { Wordmark } from './Wordmark.tsx'
import './Header.css'

export function Header() {
  const { user, isLoaded } = useUser()
  return (
    <header className="wrap top">
      <Wordmark />
      <nav aria-label="Main">
        <NavLink className="wide" to="/" end>
          Browse
        </NavLink>
        {user ? (
          <>
            <NavLink to="/orders">My tickets</NavLink>
            <NavLink className="wide" to="/selling">
              Selling
            </NavLink>
            <NavLink className="wide" to="/account">
              Account
            </NavLink>
          </>
        ) : (
          isLoaded && <SignInLink />
        )}
        <NavLink className="btn nav-cta" to="/sell" end>
          Sell<span className="roomy"> a ticket</span>
        </NavLink>
      </nav>
    </header>
  )
}

function SignInLink() {
  const { pathname, search } = useLocation()
  const isSigningIn = pathname === '/signin' || pathname === '/signup'
  return <NavLink to={isSigningIn ? '/signin' : signInPath(pathname + search)}>Sign in</NavLink>
}
