// After deleting the account.
import { Link } from 'react-router'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'

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
