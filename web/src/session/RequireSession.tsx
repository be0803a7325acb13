// The door of pages that are somebody's own: sign in first, then come back here.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { session } from '../api/queries.ts'
import { Page } from '../layout/Page.tsx'
import { TroublePage } from '../trouble/Trouble.tsx'
import { signInPath } from './next.ts'

export function RequireSession({ children }: { children: ReactNode }) {
  const { data: user, error, refetch } = useQuery(session)
  const { pathname, search } = useLocation()
  if (user) return children
  if (user === null) return <Navigate to={signInPath(pathname + search)} replace />
  if (error) return <TroublePage error={error} retry={refetch} />
  return (
    <Page title="One moment">
      <div className="waiting" />
    </Page>
  )
}
