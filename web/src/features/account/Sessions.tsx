// Where the user is signed in, and signing out everywhere else.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { sessionsQuery } from '#api/queries.ts'
import { endOtherSessions } from '#api/users.ts'
import { DateTime } from '#components/DateTime.tsx'
import { FormError } from '#components/FormError.tsx'
import { shortDateTime } from '#format/dates.ts'
import './account.css'

export function Sessions() {
  const client = useQueryClient()
  const { data: sessions } = useQuery(sessionsQuery)
  const ending = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: () => client.invalidateQueries(sessionsQuery),
  })
  return (
    <section className="state panel" aria-labelledby="sessions-title">
      <h2 id="sessions-title">Where you are signed in</h2>
      <ul className="sessions">
        {sessions?.map((session) => (
          <li key={session.id}>
            {session.device ?? 'A device we don’t know'}
            <span className="small muted">
              {session.current ? (
                'This one'
              ) : (
                <>
                  Last used <DateTime value={session.lastUsedAt} format={shortDateTime} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      <FormError message={ending.error?.message} />
      <button
        className="btn ghost"
        type="button"
        aria-disabled={ending.isPending}
        onClick={() => !ending.isPending && ending.mutate()}
      >
        {ending.isPending ? 'One moment…' : 'Sign out everywhere else'}
      </button>
      <p className="small muted" role="status">
        {ending.isSuccess && 'Done. Other devices are signed out within a quarter of an hour.'}
      </p>
    </section>
  )
}
