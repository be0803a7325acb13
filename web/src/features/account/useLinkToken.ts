// The token of a mailed link: its fragment, which is taken out of the address bar and kept for this page load.
import { useEffect, useState } from 'react'
import { useLocation } from 'react-router'

const tokens = new Map<string, string>() // by path: signing in first must not lose it

export function useLinkToken(): string | null {
  const { pathname } = useLocation()
  const [token] = useState(() => {
    const fragment = window.location.hash.slice(1)
    if (fragment) tokens.set(pathname, fragment)
    return tokens.get(pathname) ?? null
  })
  useEffect(() => {
    if (window.location.hash)
      window.history.replaceState(window.history.state, '', pathname + window.location.search)
  }, [pathname])
  return token
}
