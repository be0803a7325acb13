// Orders that ended without a ticket, in one line each.
import { Link } from 'react-router'
import type { Order } from '#api/types.ts'
import { DateTime } from '#components/DateTime.tsx'
import { UserText } from '#components/UserText.tsx'
import { shortDateTime } from '#format/dates.ts'
import { money } from '#format/money.ts'
import './PastOrders.css'

const TEXTS: Record<Order['status'], string> = {
  pending: 'Time ran out',
  expired: 'Ran out, not charged',
  cancelled: 'Cancelled, not charged',
  refunded: 'Refunded',
  completed: 'Paid',
}

export function PastOrders({ orders }: { orders: Order[] }) {
  return (
    <section className="past">
      <h2>Earlier</h2>
      <ul className="panel lines">
        {orders.map((order) => (
          <li key={order.id}>
            <Link className="link" to={`/orders/${order.id}`}>
              <UserText>{order.ticket.title}</UserText>
            </Link>
            <span className="muted small">
              <DateTime value={order.createdAt} format={shortDateTime} />
            </span>
            <span className="small">{TEXTS[order.status]}</span>
            <span className="amount small">{money(order.total, order.currency)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
