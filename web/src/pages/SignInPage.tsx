// The way in.
import { Link, useLocation } from 'react-router'
import { signIn } from '../api/users.ts'
import { CredentialsForm } from '../session/CredentialsForm.tsx'
import { Entrance } from '../session/Entrance.tsx'

export function SignInPage() {
  const { search } = useLocation()
  return (
    <Entrance title="Sign in">
      <CredentialsForm kind="in" submit="Sign in" send={signIn} />
      <p>
        New here?{' '}
        <Link className="link" to={`/signup${search}`}>
          Make an account
        </Link>
      </p>
    </Entrance>
  )
}
