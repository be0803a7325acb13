// The page for an unknown address.
import { Link } from 'react-router'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'

export function NotFoundPage() {
  return (
    <Page title="Not found">
      <section className="plain">
        <Heading>Nothing here</Heading>
        <p>The link may be old, or the page was never yours to see. The tickets are this way.</p>
        <Link className="btn" to="/">
          Browse tickets
        </Link>
      </section>
    </Page>
  )
}
