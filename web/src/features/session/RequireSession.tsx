// Pages for signed-in users: visitors sign in first, then come back.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { sessionQuery } from '#api/queries.ts'
import { isProbablySignedIn } from '#api/refresh.ts'
import { Page } from '#components/Page.tsx'
import { signInPath } from '#components/signInPath.ts'
import { ErrorPage } from '#errors/ErrorPage.tsx'

export function RequireSession({ children }: { children: ReactNode }) {
  const { data: user, error, isPending, refetch } = useQuery(sessionQuery)
  const { pathname, search } = useLocation()
  // Most likely signed in: the page loads its data meanwhile, and a 401 leads to sign-in.
  if (user || (isPending && isProbablySignedIn())) return children
  if (user === null) return <Navigate to={signInPath(pathname + search)} replace />
  if (error) return <ErrorPage error={error} retry={refetch} />
  return (
    <Page title="One moment">
      <div className="waiting" />
    </Page>
  )
}
