// The bank said yes; ours is the last word, and it is on its way.
import type { Order } from '../api/types.ts'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { OrderSummary } from './OrderSummary.tsx'

export function Confirming({ order }: { order: Order }) {
  return (
    <Page title="Confirming">
      <div className="split after-crumbs">
        <section className="state panel" aria-live="polite">
          <Heading step="confirming">Confirming with your bank</Heading>
          <p>This usually takes a few seconds. We keep your ticket until we hear back.</p>
          <div className="progress" aria-hidden="true" />
          <p className="small muted">You can close this page; the ticket appears in My tickets.</p>
        </section>
        <OrderSummary order={order} />
      </div>
    </Page>
  )
}
