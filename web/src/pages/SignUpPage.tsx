// Joining.
import { Link, useLocation } from 'react-router'
import { signUp } from '../api/users.ts'
import { CredentialsForm } from '../session/CredentialsForm.tsx'
import { Entrance } from '../session/Entrance.tsx'

export function SignUpPage() {
  const { search } = useLocation()
  return (
    <Entrance title="Make an account">
      <CredentialsForm kind="up" submit="Make my account" send={signUp} />
      <p>
        Been here before?{' '}
        <Link className="link" to={`/signin${search}`}>
          Sign in
        </Link>
      </p>
    </Entrance>
  )
}
