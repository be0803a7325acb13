// The clock stands at zero and our API has not said yet how the order ended.
import type { Order } from '../api/types.ts'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { OrderSummary } from './OrderSummary.tsx'

export function TimeIsUp({ order }: { order: Order }) {
  return (
    <Page title="Time is up">
      <div className="split after-crumbs">
        <section className="state panel" aria-live="polite">
          <Heading step="time-is-up">Time is up</Heading>
          <p>
            We are putting the ticket back on sale. If you were not finished paying, you will not be charged.
          </p>
          <div className="progress" aria-hidden="true" />
        </section>
        <OrderSummary order={order} />
      </div>
    </Page>
  )
}
