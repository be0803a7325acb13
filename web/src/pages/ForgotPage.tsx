// A forgotten password: has a link mailed, and says the same whether the address has an account or not.
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Link } from 'react-router'
import { forgotPassword } from '#api/users.ts'
import { TextField } from '#components/Field.tsx'
import { FormError } from '#components/FormError.tsx'
import { toFormErrors, useFormErrors } from '#components/useFormErrors.ts'
import { LinkPage } from '#features/account/LinkPage.tsx'

export function ForgotPage() {
  const { form, errors, setErrors } = useFormErrors()
  const request = useMutation({
    mutationFn: forgotPassword,
    onError: (error) => setErrors(toFormErrors(error, ['email'])),
  })
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (request.isPending) return
    const email = String(new FormData(event.currentTarget).get('email')).trim()
    setErrors(email ? {} : { email: 'Write your e-mail address, like ada@example.com.' })
    if (email) request.mutate(email)
  }
  if (request.isSuccess)
    return (
      <LinkPage title="Look in your mail">
        <p>
          If <bdi className="email">{request.variables}</bdi> has an account, a link is on its way. It works
          for half an hour, once. Look among the spam too.
        </p>
        <Link className="btn ghost" to="/signin">
          Back to sign-in
        </Link>
      </LinkPage>
    )
  return (
    <LinkPage title="Forgot your password?">
      <p>We mail you a link with which you choose another one.</p>
      <form className="sure" ref={form} onSubmit={onSubmit} noValidate method="post">
        <FormError message={errors.form} />
        <TextField
          name="email"
          label="E-mail"
          type="email"
          autoComplete="username"
          error={errors.email}
          required
        />
        <button className="btn block" type="submit" aria-disabled={request.isPending}>
          {request.isPending ? 'One moment…' : 'Mail me a link'}
        </button>
      </form>
    </LinkPage>
  )
}
