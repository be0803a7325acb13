// The hold has run out, and the API does not show yet how the order ended.
import type { Order } from '#api/types.ts'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'
import { OrderSummary } from './OrderSummary.tsx'
import { Progress } from './Progress.tsx'

export function TimeIsUp({ order }: { order: Order }) {
  return (
    <Page title="Time is up">
      <div className="split after-crumbs">
        <section className="state panel" aria-live="polite">
          <Heading step="time-is-up">Time is up</Heading>
          <p>
            We are putting the ticket back on sale. If you were not finished paying, you will not be charged.
          </p>
          <Progress />
        </section>
        <OrderSummary order={order} />
      </div>
    </Page>
  )
}
