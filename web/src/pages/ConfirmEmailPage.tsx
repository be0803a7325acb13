// Confirming a new e-mail address, by the link that was mailed to it; the user is signed in.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import { hasCode } from '#api/errors.ts'
import { setUser } from '#api/queries.ts'
import { confirmEmail } from '#api/users.ts'
import { FormError } from '#components/FormError.tsx'
import { InvalidLink, LinkPage } from '#features/account/LinkPage.tsx'
import { useLinkToken } from '#features/account/useLinkToken.ts'

export function ConfirmEmailPage() {
  const client = useQueryClient()
  const token = useLinkToken()
  const confirmation = useMutation({
    mutationFn: confirmEmail,
    onSuccess: (user) => setUser(client, user),
  })
  if (!token || hasCode(confirmation.error, 'link_invalid', 400))
    return <InvalidLink to="/account" again="Go to your account" />
  if (confirmation.isSuccess)
    return (
      <LinkPage title="Your e-mail is changed">
        <p>
          From now on you sign in as <bdi className="email">{confirmation.data.email}</bdi>. Everywhere else
          you are signed out.
        </p>
        <Link className="btn" to="/account">
          Go to your account
        </Link>
      </LinkPage>
    )
  return (
    <LinkPage title="Use this e-mail from now on?">
      <p>You sign in with it, and our mails go there. Everywhere else you are signed out.</p>
      <FormError message={confirmation.error?.message} />
      <button
        className="btn"
        type="button"
        aria-disabled={confirmation.isPending}
        onClick={() => !confirmation.isPending && confirmation.mutate(token)}
      >
        {confirmation.isPending ? 'One moment…' : 'Yes, use it'}
      </button>
    </LinkPage>
  )
}
