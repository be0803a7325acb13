// A paid order: the ticket is the buyer’s, and this page opens offline.
import { Link } from 'react-router'
import type { Order } from '#api/types.ts'
import { DateTime } from '#components/DateTime.tsx'
import { Heading } from '#components/Heading.tsx'
import { Icon } from '#components/Icon.tsx'
import { Page } from '#components/Page.tsx'
import { count, orderCode } from '#format/counts.ts'
import { shortDateTime } from '#format/dates.ts'
import { money } from '#format/money.ts'
import { isolate } from '#format/userText.ts'
import { MoneyNote } from './MoneyNote.tsx'
import { OwnedTicket } from './OwnedTicket.tsx'

export function CompletedOrder({ order }: { order: Order }) {
  return (
    <Page title={`Your ticket for ${isolate(order.ticket.title)}`}>
      <div className="split after-crumbs">
        <section className="state panel">
          <Heading step="completed">You’re going.</Heading>
          <p>
            {order.quantity === 1 ? 'The ticket is yours.' : `All ${order.quantity} tickets are yours.`} It is
            kept on this device, so this page opens without signal.
          </p>
          <dl className="rows wide-rows">
            <div>
              <dt>Order</dt>
              <dd>{orderCode(order.id)}</dd>
            </div>
            <div>
              <dt>Bought</dt>
              <dd>
                <DateTime value={order.createdAt} format={shortDateTime} />
              </dd>
            </div>
            <div>
              <dt>{count(order.quantity, 'ticket')}</dt>
              <dd>{money(order.total, order.currency)}</dd>
            </div>
            <div className="total">
              <dt>
                <Icon name="check" /> Paid
              </dt>
              <dd>{money(order.total, order.currency)}</dd>
            </div>
          </dl>
          <MoneyNote orderId={order.id} />
          <Link className="btn ghost" to="/orders">
            My tickets
          </Link>
        </section>
        <OwnedTicket order={order} />
      </div>
    </Page>
  )
}
