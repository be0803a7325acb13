// After an account was deleted: what is gone, and that coming back is welcome.
import { Link } from 'react-router'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'

export function GoodbyePage() {
  return (
    <Page title="Goodbye">
      <section className="plain">
        <Heading>Goodbye.</Heading>
        <p>
          Your account is deleted: we forgot your e-mail, and your listings are off sale. Come back any time
          with a new account.
        </p>
        <Link className="btn" to="/">
          Browse tickets
        </Link>
      </section>
    </Page>
  )
}
