// Deleting the account: confirmed with the password, because it cannot be undone.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef } from 'react'
import { Link, useNavigate } from 'react-router'
import { useConfig } from '#api/config.ts'
import { hasCode } from '#api/errors.ts'
import { setUser } from '#api/queries.ts'
import { deleteAccount } from '#api/users.ts'
import { TextField } from '#components/Field.tsx'
import { FormError } from '#components/FormError.tsx'
import { Note } from '#components/Note.tsx'
import { toFormErrors, useFormErrors } from '#components/useFormErrors.ts'
import './account.css'

export function DeleteAccount() {
  const client = useQueryClient()
  const { limits } = useConfig()
  const navigate = useNavigate()
  const dialog = useRef<HTMLDialogElement>(null)
  const { form, errors, setErrors } = useFormErrors()
  const deletion = useMutation({
    mutationFn: deleteAccount,
    onSuccess: async () => {
      await navigate('/goodbye')
      setUser(client, null)
    },
    onError: (error) => {
      if (hasCode(error, 'orders_pending', 409)) dialog.current?.close()
      else setErrors(toFormErrors(error, ['password']))
    },
  })
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (deletion.isPending) return
    const password = String(new FormData(event.currentTarget).get('password'))
    setErrors(password ? {} : { password: 'Write your password.' })
    if (password) deletion.mutate(password)
  }
  return (
    <section className="state panel" aria-labelledby="delete-title">
      <h2 id="delete-title">Delete your account</h2>
      <p>This can’t be undone. You lose:</p>
      <ul className="losses">
        <li>every ticket that you bought: it can no longer be opened here, so keep a copy first</li>
        <li>your listings: what is not sold yet is no longer for sale</li>
        <li>the list of your orders, your e-mail address and your password</li>
      </ul>
      {hasCode(deletion.error, 'orders_pending', 409) && (
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
      <dialog ref={dialog} aria-labelledby="delete-sure" onClose={() => setErrors({})}>
        <h2 id="delete-sure">Delete your account?</h2>
        <p>Your password, so that nobody else can do this for you.</p>
        <form className="sure" ref={form} onSubmit={onSubmit} noValidate method="post">
          <FormError message={errors.form} />
          <TextField
            name="password"
            label="Password"
            type="password"
            autoComplete="current-password"
            error={errors.password}
            maxLength={limits.password?.maxLength}
            required
          />
          <button className="btn block" type="submit" aria-disabled={deletion.isPending}>
            {deletion.isPending ? 'One moment…' : 'Delete it for good'}
          </button>
          <button className="btn ghost block" type="button" onClick={() => dialog.current?.close()}>
            Keep my account
          </button>
        </form>
      </dialog>
    </section>
  )
}
