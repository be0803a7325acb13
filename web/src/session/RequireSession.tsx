// The door of pages that are somebody's own: sign in first, then come back here.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { session } from '../api/queries.ts'
import { mayHaveSession } from '../api/refresh.ts'
import { Page } from '../layout/Page.tsx'
import { TroublePage } from '../trouble/Trouble.tsx'
import { signInPath } from './next.ts'

export function RequireSession({ children }: { children: ReactNode }) {
  const { data: user, error, isPending, refetch } = useQuery(session)
  const { pathname, search } = useLocation()
  // Most likely it is them: the page asks for what it shows meanwhile, and a 401 leads to sign-in.
  if (user || (isPending && mayHaveSession())) return children
  if (user === null) return <Navigate to={signInPath(pathname + search)} replace />
  if (error) return <TroublePage error={error} retry={refetch} />
  return (
    <Page title="One moment">
      <div className="waiting" />
    </Page>
  )
}
