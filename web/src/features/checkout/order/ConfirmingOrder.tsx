// The bank authorized the payment, and the order is not completed yet.
import type { Order } from '#api/types.ts'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'
import { OrderSummary } from './OrderSummary.tsx'
import { Progress } from './Progress.tsx'

export function ConfirmingOrder({ order }: { order: Order }) {
  return (
    <Page title="Confirming">
      <div className="split after-crumbs">
        <section className="state panel" aria-live="polite">
          <Heading step="confirming">Confirming with your bank</Heading>
          <p>This usually takes a few seconds. We keep your ticket until we hear back.</p>
          <Progress />
          <p className="small muted">You can close this page; the ticket appears in My tickets.</p>
        </section>
        <OrderSummary order={order} />
      </div>
    </Page>
  )
}
