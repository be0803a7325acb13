// E-mail and password, for signing in and signing up; works with password managers and paste.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link, useLocation } from 'react-router'
import { type Limits, useConfig } from '#api/config.ts'
import { hasCode } from '#api/errors.ts'
import { setUser } from '#api/queries.ts'
import type { User } from '#api/types.ts'
import type { Credentials } from '#api/users.ts'
import { TextField } from '#components/Field.tsx'
import { FormError } from '#components/FormError.tsx'
import { Note } from '#components/Note.tsx'
import { passwordHint } from '#components/passwordHint.ts'
import { type FormErrors, toFormErrors, useFormErrors } from '#components/useFormErrors.ts'
import './CredentialsForm.css'

interface Props {
  kind: 'in' | 'up'
  submit: string
  send: (credentials: Credentials) => Promise<User>
}

export function CredentialsForm({ kind, submit, send }: Props) {
  const client = useQueryClient()
  const { search } = useLocation()
  const { password } = useConfig().limits
  const { form, errors, setErrors } = useFormErrors()
  const [isShown, setShown] = useState(false)
  const sending = useMutation({
    mutationFn: send,
    onSuccess: (user) => setUser(client, user),
    onError: (error) => setErrors(toFormErrors(error, ['email', 'password'])),
  })
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (sending.isPending) return
    const values = new FormData(event.currentTarget)
    const credentials = {
      email: String(values.get('email')).trim(),
      password: String(values.get('password')),
    }
    const invalid = validate(credentials, kind, password)
    setErrors(invalid)
    if (Object.keys(invalid).length === 0) sending.mutate(credentials)
  }
  return (
    <form className="pay" ref={form} onSubmit={onSubmit} noValidate method="post">
      <FormError message={errors.form} />
      {hasCode(sending.error, 'email_taken', 409) && (
        <Note kind="warn">
          This e-mail has an account already.{' '}
          <Link className="as-link link" to={`/signin${search}`}>
            Sign in
          </Link>{' '}
          or{' '}
          <Link className="as-link link" to="/forgot">
            reset its password
          </Link>
          .
        </Note>
      )}
      <TextField
        name="email"
        label="E-mail"
        type="email"
        autoComplete="username"
        error={errors.email}
        required
      />
      <TextField
        name="password"
        label="Password"
        type={isShown ? 'text' : 'password'}
        autoComplete={kind === 'up' ? 'new-password' : 'current-password'}
        hint={kind === 'up' ? passwordHint(password) : undefined}
        error={errors.password}
        maxLength={password?.maxLength}
        required
      />
      <label className="tick">
        <input type="checkbox" checked={isShown} onChange={(event) => setShown(event.target.checked)} />
        Show the password
      </label>
      <button className="btn block" type="submit" aria-disabled={sending.isPending}>
        {sending.isPending ? 'One moment…' : submit}
      </button>
    </form>
  )
}

type PasswordLimits = Limits['password'] | undefined

function validate({ email, password }: Credentials, kind: Props['kind'], limits: PasswordLimits): FormErrors {
  const errors: FormErrors = {}
  if (!/^\S+@\S+\.\S+$/.test(email)) errors.email = 'Write your e-mail address, like ada@example.com.'
  if (!password) errors.password = 'Write your password.'
  else if (kind === 'up' && limits && password.length < limits.minLength)
    errors.password = `Make it at least ${limits.minLength} characters.`
  return errors
}
