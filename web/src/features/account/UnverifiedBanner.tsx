// Shown while the user’s e-mail is not verified; buying and selling work all the same.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocation } from 'react-router'
import { profileQuery } from '#api/queries.ts'
import { requestVerification } from '#api/users.ts'
import { useUser } from '#api/useUser.ts'
import './UnverifiedBanner.css'

const WITHOUT = ['/verify', '/confirm', '/reset', '/forgot'] // pages that a link opened

export function UnverifiedBanner() {
  const { user } = useUser()
  const { pathname } = useLocation()
  const { data: profile } = useQuery({ ...profileQuery, enabled: user !== null })
  const request = useMutation({ mutationFn: requestVerification })
  if (!user || profile?.verified !== false || WITHOUT.includes(pathname)) return null
  return (
    <aside className="unverified" aria-label="Your e-mail">
      <p className="wrap small">
        <span>
          {request.isSuccess ? 'A new link is on its way to ' : 'Verify your e-mail: we mailed a link to '}
          <bdi>{profile.email}</bdi>.{request.error && ` ${request.error.message}`}
        </span>
        {!request.isSuccess && (
          <button
            className="as-link link"
            type="button"
            aria-disabled={request.isPending}
            onClick={() => !request.isPending && request.mutate()}
          >
            Send it again
          </button>
        )}
      </p>
    </aside>
  )
}
