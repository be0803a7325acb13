// Leads to signing in, and back to this page afterwards.
import type { ReactNode } from 'react'
import { NavLink, useLocation } from 'react-router'
import { signInPath } from '#components/signInPath.ts'

export function SignInLink({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation()
  const isSigningIn = pathname === '/signin' || pathname === '/signup'
  return <NavLink to={isSigningIn ? '/signin' : signInPath(pathname + search)}>{children}</NavLink>
}
