// Verifying an e-mail address, by the link that was mailed to it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import { hasCode } from '#api/errors.ts'
import { profileQuery } from '#api/queries.ts'
import { verifyEmail } from '#api/users.ts'
import { FormError } from '#components/FormError.tsx'
import { InvalidLink, LinkPage } from '#features/account/LinkPage.tsx'
import { useLinkToken } from '#features/account/useLinkToken.ts'

export function VerifyPage() {
  const client = useQueryClient()
  const token = useLinkToken()
  const verification = useMutation({
    mutationFn: verifyEmail,
    onSuccess: () => client.invalidateQueries(profileQuery),
  })
  if (!token || hasCode(verification.error, 'link_invalid', 400))
    return <InvalidLink to="/account" again="Go to your account" />
  if (verification.isSuccess)
    return (
      <LinkPage title="Your e-mail is verified">
        <p>Thank you. We can reach you when something happens to your tickets.</p>
        <Link className="btn" to="/">
          Browse tickets
        </Link>
      </LinkPage>
    )
  return (
    <LinkPage title="Is this your e-mail?">
      <p>Then tell us so with one click, and we know that our mails reach you.</p>
      <FormError message={verification.error?.message} />
      <button
        className="btn"
        type="button"
        aria-disabled={verification.isPending}
        onClick={() => !verification.isPending && verification.mutate(token)}
      >
        {verification.isPending ? 'One moment…' : 'Yes, verify it'}
      </button>
    </LinkPage>
  )
}
