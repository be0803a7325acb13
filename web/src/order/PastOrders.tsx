// Orders that came to nothing, in one line each.
import { Link } from 'react-router'
import type { Order } from '../api/types.ts'
import { shortMoment } from '../format/dates.ts'
import { money } from '../format/money.ts'
import { When } from '../format/When.tsx'

const WORDS: Record<Order['status'], string> = {
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
              {order.ticket.title}
            </Link>
            <span className="muted small">
              <When at={order.createdAt} as={shortMoment} />
            </span>
            <span className="small">{WORDS[order.status]}</span>
            <span className="amount small">{money(order.total, order.currency)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
