// The top of every page: where to go, and the way in or out.
import { NavLink, useLocation } from 'react-router'
import { useUser } from '../session/useUser.ts'
import { Wordmark } from './Wordmark.tsx'

export function Header() {
  const { user, known } = useUser()
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
          known && <SignInLink />
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
  const here =
    pathname === '/signin' || pathname === '/signup' ? '' : `?next=${encodeURIComponent(pathname + search)}`
  return <NavLink to={`/signin${here}`}>Sign in</NavLink>
}
