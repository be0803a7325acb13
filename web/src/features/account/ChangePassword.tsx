// Changing the password, which signs the user out everywhere else.
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useConfig } from '#api/config.ts'
import { changePassword } from '#api/users.ts'
import { TextField } from '#components/Field.tsx'
import { FormError } from '#components/FormError.tsx'
import { NewPasswordField } from '#components/NewPasswordField.tsx'
import { toFormErrors, useFormErrors } from '#components/useFormErrors.ts'
import './account.css'

export function ChangePassword({ email }: { email: string }) {
  const { limits } = useConfig()
  const [isOpen, setOpen] = useState(false)
  const { form, errors, setErrors } = useFormErrors()
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => setOpen(false),
    onError: (error) => setErrors(toFormErrors(error, ['password', 'newPassword'])),
  })
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (change.isPending) return
    const values = new FormData(event.currentTarget)
    const body = {
      password: String(values.get('oldPassword')),
      newPassword: String(values.get('newPassword')),
    }
    const missing = {
      ...(!body.password && { password: 'Write the password that you have now.' }),
      ...(!body.newPassword && { newPassword: 'Write your new password.' }),
    }
    setErrors(missing)
    if (Object.keys(missing).length === 0) change.mutate(body)
  }
  return (
    <section className="state panel">
      <h2>Change your password</h2>
      <p>Everywhere else you are signed out, and links that we mailed before stop working.</p>
      {isOpen ? (
        <form className="sure" ref={form} onSubmit={onSubmit} noValidate method="post">
          <FormError message={errors.form} />
          <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
          <TextField
            name="oldPassword"
            label="Current password"
            type="password"
            autoComplete="current-password"
            error={errors.password}
            maxLength={limits.password?.maxLength}
            required
          />
          <NewPasswordField name="newPassword" error={errors.newPassword} />
          <button className="btn block" type="submit" aria-disabled={change.isPending}>
            {change.isPending ? 'One moment…' : 'Save the new password'}
          </button>
        </form>
      ) : (
        <button className="btn ghost" type="button" onClick={() => setOpen(true)}>
          Choose another
        </button>
      )}
      <p className="small muted" role="status">
        {change.isSuccess && !isOpen && 'Changed. You are signed out everywhere else.'}
      </p>
    </section>
  )
}
