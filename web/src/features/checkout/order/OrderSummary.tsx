// The order, beside the payment form.
import type { Order } from '#api/types.ts'
import { TicketSummary } from '#components/TicketSummary.tsx'
import { count, orderCode } from '#format/counts.ts'
import { money } from '#format/money.ts'

export function OrderSummary({ order }: { order: Order }) {
  return (
    <TicketSummary label="Your order" ticket={order.ticket}>
      <div>
        <dt>{count(order.quantity, 'ticket')}</dt>
        <dd>Order {orderCode(order.id)}</dd>
      </div>
      <div>
        <dt className="sr">Total</dt>
        <dd className="price">{money(order.total, order.currency)}</dd>
      </div>
    </TicketSummary>
  )
}
