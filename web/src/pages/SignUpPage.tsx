// Signing up.
import { Link, useLocation } from 'react-router'
import { signUp } from '#api/users.ts'
import { readPendingHold } from '#features/checkout/hold/pendingHold.ts'
import { CredentialsForm } from '#features/session/CredentialsForm.tsx'
import { SignInLayout } from '#features/session/SignInLayout.tsx'

export function SignUpPage() {
  const { search } = useLocation()
  return (
    <SignInLayout pendingTicketId={readPendingHold()?.ticketId ?? null} title="Make an account">
      <CredentialsForm kind="up" submit="Make my account" send={signUp} />
      <p>
        Been here before?{' '}
        <Link className="link" to={`/signin${search}`}>
          Sign in
        </Link>
      </p>
    </SignInLayout>
  )
}
