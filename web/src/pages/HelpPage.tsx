// How holds work, and what a ticket costs.
import { Link } from 'react-router'
import { useConfig } from '#api/config.ts'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'
import { times } from '#format/counts.ts'
import { duration } from '#format/duration.ts'
import './HelpPage.css'

export function HelpPage() {
  const { holdSeconds, limits } = useConfig()
  const extensions = limits.extensions?.max
  return (
    <Page title="How holds work">
      <section className="prose">
        <Heading>How holds work</Heading>
        <h2>Hold it, then pay</h2>
        <p>
          A hold takes the ticket off sale and gives it to you for{' '}
          {holdSeconds ? duration(holdSeconds) : 'a few minutes'}. Nobody else can buy it while you pay. The
          bar at the top shows fifteen stubs and tears one off each minute. In its last third you can ask for
          more time
          {extensions ? ` ${times(extensions)}` : ''}.
        </p>
        <h2>If time runs out</h2>
        <p>
          The ticket goes back on sale. You are not charged: your bank may show a reservation for a while, but
          no money moves for a ticket you did not get.
        </p>
        <h2>What it costs</h2>
        <p>The price you see is the whole price. There is no fee on top.</p>
        <h2>Selling</h2>
        <p>
          List what you cannot use and change it while it is free. While somebody is paying for it, it is
          locked; once it is sold, it is theirs. <Link to="/sell">Sell a ticket</Link>
        </p>
      </section>
    </Page>
  )
}
