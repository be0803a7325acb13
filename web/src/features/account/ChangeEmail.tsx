// Changing the e-mail address: a link goes to the new one, and a warning to the old one.
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useConfig } from '#api/config.ts'
import { changeEmail } from '#api/users.ts'
import { TextField } from '#components/Field.tsx'
import { FormError } from '#components/FormError.tsx'
import { toFormErrors, useFormErrors } from '#components/useFormErrors.ts'
import './account.css'

export function ChangeEmail() {
  const { limits } = useConfig()
  const [isOpen, setOpen] = useState(false)
  const { form, errors, setErrors } = useFormErrors()
  const change = useMutation({
    mutationFn: changeEmail,
    onSuccess: () => setOpen(false),
    onError: (error) => setErrors(toFormErrors(error, ['email', 'password'])),
  })
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (change.isPending) return
    const values = new FormData(event.currentTarget)
    const body = {
      email: String(values.get('newEmail')).trim(),
      password: String(values.get('emailPassword')),
    }
    const missing = {
      ...(!body.email && { email: 'Write your new e-mail address, like ada@example.com.' }),
      ...(!body.password && { password: 'Write your password.' }),
    }
    setErrors(missing)
    if (Object.keys(missing).length === 0) change.mutate(body)
  }
  return (
    <section className="state panel" aria-labelledby="email-title">
      <h2 id="email-title">Change your e-mail</h2>
      <p>We mail a link to the new address; it is yours once you follow it.</p>
      {isOpen ? (
        <form className="sure" ref={form} onSubmit={onSubmit} noValidate method="post">
          <FormError message={errors.form} />
          <TextField
            name="newEmail"
            label="New e-mail"
            type="email"
            autoComplete="email"
            error={errors.email}
            required
          />
          <TextField
            name="emailPassword"
            label="Your password"
            type="password"
            autoComplete="current-password"
            hint="So that nobody else can do this for you."
            error={errors.password}
            maxLength={limits.password?.maxLength}
            required
          />
          <button className="btn block" type="submit" aria-disabled={change.isPending}>
            {change.isPending ? 'One moment…' : 'Mail the link'}
          </button>
        </form>
      ) : (
        <button className="btn ghost" type="button" onClick={() => setOpen(true)}>
          Use another e-mail
        </button>
      )}
      <p className="small muted" role="status">
        {change.isSuccess && !isOpen && 'A link is on its way. Open it in this browser, within a day.'}
      </p>
    </section>
  )
}
