// Orders of which nothing is coming, in one line each.
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

interface Props {
  orders: Order[]
  /** Whether these are tickets of past events, or orders that ended without a ticket. */
  kind: 'attended' | 'ended'
}

export function PastOrders({ orders, kind }: Props) {
  return (
    <section className="past">
      <h2>{kind === 'attended' ? 'Past events' : 'Earlier orders'}</h2>
      <ul className="panel lines">
        {orders.map((order) => (
          <li key={order.id}>
            <Link className="link" to={`/orders/${order.id}`}>
              <UserText>{order.ticket.title}</UserText>
            </Link>
            <span className="muted small">
              <PastDate order={order} kind={kind} />
            </span>
            <span className="small">{TEXTS[order.status]}</span>
            <span className="amount small">{money(order.total, order.currency)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function PastDate({ order, kind }: { order: Order; kind: Props['kind'] }) {
  if (kind === 'ended') return <DateTime value={order.createdAt} format={shortDateTime} />
  const { startsAt, timeZone } = order.ticket
  return startsAt && <DateTime value={startsAt} format={shortDateTime} zone={timeZone} />
}
