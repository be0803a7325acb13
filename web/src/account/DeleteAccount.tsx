// The end of an account: asked once more and proven with the password, because it cannot be undone.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef } from 'react'
import { Link, useNavigate } from 'react-router'
import { isRefusal } from '../api/errors.ts'
import { session } from '../api/queries.ts'
import { deleteAccount } from '../api/users.ts'
import { TextField } from '../parts/Field.tsx'
import { FormError } from '../parts/FormError.tsx'
import { Note } from '../parts/Note.tsx'
import { complaintsOf, useComplaints } from '../parts/useComplaints.ts'

export function DeleteAccount() {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const dialog = useRef<HTMLDialogElement>(null)
  const { form, complaints, setComplaints } = useComplaints()
  const leave = useMutation({
    mutationFn: deleteAccount,
    onSuccess: async () => {
      await navigate('/goodbye')
      cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== session.queryKey[0] })
      cache.setQueryData(session.queryKey, null)
    },
    onError: (error) => {
      if (isRefusal(error, 409)) dialog.current?.close()
      else setComplaints(complaintsOf(error, ['password']))
    },
  })
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (leave.isPending) return
    const password = String(new FormData(event.currentTarget).get('password'))
    setComplaints(password ? {} : { password: 'Write your password.' })
    if (password) leave.mutate(password)
  }
  return (
    <section className="state panel" aria-labelledby="delete-title">
      <h2 id="delete-title">Delete your account</h2>
      <p>
        We forget your e-mail and take your listings back. Tickets you bought can no longer be opened here. It
        can’t be undone.
      </p>
      {isRefusal(leave.error, 409) && (
        <Note kind="bad" alert>
          You are still holding a ticket. Pay for it or release it, then delete your account.{' '}
          <Link className="as-link link" to="/orders">
            See what you hold
          </Link>
        </Note>
      )}
      <button className="btn ghost" type="button" onClick={() => dialog.current?.showModal()}>
        Delete my account
      </button>
      <dialog ref={dialog} aria-labelledby="delete-sure" onClose={() => setComplaints({})}>
        <h2 id="delete-sure">Delete your account?</h2>
        <p>Your password, so that nobody else can do this for you.</p>
        <form className="sure" ref={form} onSubmit={onSubmit} noValidate method="post">
          <FormError message={complaints.form} />
          <TextField
            name="password"
            label="Password"
            type="password"
            autoComplete="current-password"
            error={complaints.password}
            maxLength={128}
            required
          />
          <button className="btn block" type="submit" aria-disabled={leave.isPending}>
            {leave.isPending ? 'One moment…' : 'Delete it for good'}
          </button>
          <button className="btn ghost block" type="button" onClick={() => dialog.current?.close()}>
            Keep my account
          </button>
        </form>
      </dialog>
    </section>
  )
}
