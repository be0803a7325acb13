// The order, beside the payment form.
import type { Order } from '#api/types.ts'
import { BigTicket } from '#components/BigTicket.tsx'
import { count, orderCode } from '#format/counts.ts'
import { money } from '#format/money.ts'

export function OrderSummary({ order }: { order: Order }) {
  return (
    <aside className="summary" aria-label="Your order">
      <BigTicket ticket={order.ticket}>
        <dl className="facts">
          <div>
            <dt>{count(order.quantity, 'ticket')}</dt>
            <dd>Order {orderCode(order.id)}</dd>
          </div>
          <div>
            <dt className="sr">Total</dt>
            <dd className="price">{money(order.total, order.currency)}</dd>
          </div>
        </dl>
      </BigTicket>
    </aside>
  )
}
