// The navigation at the bottom of a phone's screen.
import { NavLink } from 'react-router'
import { isProbablySignedIn } from '#api/refresh.ts'
import { useUser } from '#api/useUser.ts'
import { Icon } from '#components/Icon.tsx'
import { SignInLink } from './SignInLink.tsx'
import './BottomBar.css'

export function BottomBar() {
  const { user, isLoaded } = useUser()
  const isSignedIn = user !== null || (!isLoaded && isProbablySignedIn())
  return (
    <nav className="bottom-bar" aria-label="Main">
      <NavLink to="/" end>
        <Icon name="search" /> Browse
      </NavLink>
      {isSignedIn && (
        <NavLink to="/orders">
          <Icon name="ticket" /> My tickets
        </NavLink>
      )}
      <NavLink to="/sell" end>
        <Icon name="plus" /> Sell
      </NavLink>
      {isSignedIn ? (
        <>
          <NavLink to="/selling">
            <Icon name="tag" /> Selling
          </NavLink>
          <NavLink to="/account">
            <Icon name="person" /> Account
          </NavLink>
        </>
      ) : (
        <SignInLink>
          <Icon name="person" /> Sign in
        </SignInLink>
      )}
    </nav>
  )
}
