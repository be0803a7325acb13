// Choosing another password, by the link that was mailed; the user signs in with it afterwards.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Link } from 'react-router'
import { hasCode } from '#api/errors.ts'
import { setUser } from '#api/queries.ts'
import { markSignedOut } from '#api/refresh.ts'
import { resetPassword } from '#api/users.ts'
import { FormError } from '#components/FormError.tsx'
import { NewPasswordField } from '#components/NewPasswordField.tsx'
import { toFormErrors, useFormErrors } from '#components/useFormErrors.ts'
import { InvalidLink, LinkPage } from '#features/account/LinkPage.tsx'
import { useLinkToken } from '#features/account/useLinkToken.ts'

export function ResetPage() {
  const client = useQueryClient()
  const token = useLinkToken()
  const { form, errors, setErrors } = useFormErrors()
  const reset = useMutation({
    mutationFn: resetPassword,
    onSuccess: () => {
      markSignedOut()
      setUser(client, null)
    },
    onError: (error) => setErrors(toFormErrors(error, ['password'])),
  })
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (reset.isPending || !token) return
    const password = String(new FormData(event.currentTarget).get('password'))
    setErrors(password ? {} : { password: 'Write your new password.' })
    if (password) reset.mutate({ token, password })
  }
  if (!token || hasCode(reset.error, 'link_invalid', 400))
    return <InvalidLink to="/forgot" again="Get a new link" />
  if (reset.isSuccess)
    return (
      <LinkPage title="Your password is changed">
        <p>You are signed out everywhere. Sign in with the new one.</p>
        <Link className="btn" to="/signin">
          Sign in
        </Link>
      </LinkPage>
    )
  return (
    <LinkPage title="Choose a new password">
      <form className="sure" ref={form} onSubmit={onSubmit} noValidate method="post">
        <FormError message={errors.form} />
        <NewPasswordField name="password" error={errors.password} />
        <button className="btn block" type="submit" aria-disabled={reset.isPending}>
          {reset.isPending ? 'One moment…' : 'Change my password'}
        </button>
      </form>
    </LinkPage>
  )
}
