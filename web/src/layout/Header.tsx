// The top of every page: the name, on wide screens the navigation, and sign-in for visitors.
import { NavLink } from 'react-router'
import { useUser } from '#api/useUser.ts'
import { SignInLink } from './SignInLink.tsx'
import { Wordmark } from './Wordmark.tsx'
import './Header.css'

export function Header() {
  const { user, isLoaded } = useUser()
  return (
    <header className="wrap top">
      <Wordmark />
      <nav aria-label="Main">
        <NavLink to="/" end>
          Browse
        </NavLink>
        {user ? (
          <>
            <NavLink to="/orders">My tickets</NavLink>
            <NavLink to="/selling">Selling</NavLink>
            <NavLink to="/account">Account</NavLink>
          </>
        ) : (
          isLoaded && <SignInLink>Sign in</SignInLink>
        )}
        <NavLink className="btn nav-cta" to="/sell" end>
          Sell a ticket
        </NavLink>
      </nav>
    </header>
  )
}
