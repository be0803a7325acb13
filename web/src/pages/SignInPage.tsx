// Signing in.
import { Link, useLocation } from 'react-router'
import { signIn } from '#api/users.ts'
import { readPendingHold } from '#features/checkout/hold/pendingHold.ts'
import { CredentialsForm } from '#features/session/CredentialsForm.tsx'
import { SignInLayout } from '#features/session/SignInLayout.tsx'

export function SignInPage() {
  const { search } = useLocation()
  return (
    <SignInLayout pendingTicketId={readPendingHold()?.ticketId ?? null} title="Sign in">
      <CredentialsForm kind="in" submit="Sign in" send={signIn} />
      <p>
        <Link className="link" to="/forgot">
          Forgot your password?
        </Link>
      </p>
      <p>
        New here?{' '}
        <Link className="link" to={`/signup${search}`}>
          Make an account
        </Link>
      </p>
    </SignInLayout>
  )
}
