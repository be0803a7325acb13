// A paid order: the ticket is theirs, and this page opens without signal.
import { Link } from 'react-router'
import type { Order } from '../api/types.ts'
import { count, orderCode } from '../format/counts.ts'
import { shortMoment } from '../format/dates.ts'
import { money } from '../format/money.ts'
import { When } from '../format/When.tsx'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { Icon } from '../parts/Icon.tsx'
import { OwnedTicket } from './OwnedTicket.tsx'

export function Owned({ order }: { order: Order }) {
  return (
    <Page title={`Your ticket for ${order.ticket.title}`}>
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
                <When at={order.createdAt} as={shortMoment} />
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
          <Link className="btn ghost" to="/orders">
            My tickets
          </Link>
        </section>
        <OwnedTicket order={order} />
      </div>
    </Page>
  )
}
