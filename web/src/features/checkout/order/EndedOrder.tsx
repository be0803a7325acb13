// An order that ended without a ticket: what happened, what it cost (nothing), and the way back.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { polledTicketQuery } from '#api/queries.ts'
import type { Order } from '#api/types.ts'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'
import { HoldAgain } from './HoldAgain.tsx'
import { MoneyNote } from './MoneyNote.tsx'
import { OrderSummary } from './OrderSummary.tsx'

const TEXTS = {
  expired: ['The hold ran out', 'You were not charged.'],
  cancelled: ['This order was cancelled', 'You were not charged.'],
  refunded: [
    'Your money is on its way back',
    'You are refunded in full. Banks take up to ten days to show it.',
  ],
} as const

const DECLINED = [
  'Too many cards were declined',
  'We closed this order to protect card holders. You were not charged.',
] as const

export function EndedOrder({ order }: { order: Order & { status: string } }) {
  const [title, charged] = order.declined
    ? DECLINED
    : (TEXTS[order.status as keyof typeof TEXTS] ?? TEXTS.cancelled)
  const { data: ticket } = useQuery(polledTicketQuery(order.ticket.id))
  const isFree = ticket?.status === 'available'
  return (
    <Page title={title}>
      <div className="split after-crumbs">
        <section className="state panel">
          <Heading step={order.status}>{title}</Heading>
          <p>
            {charged}{' '}
            {ticket &&
              (isFree ? 'The ticket is still for sale right now.' : 'The ticket is not for sale right now.')}
          </p>
          {order.status !== 'refunded' && (
            <p className="small muted">
              If your bank shows a reservation, it disappears by itself. No money moved.
            </p>
          )}
          {order.status === 'refunded' && <MoneyNote orderId={order.id} />}
          {ticket && isFree ? (
            <HoldAgain ticket={ticket} quantity={order.quantity} />
          ) : (
            <Link className="btn" to="/">
              Browse tickets
            </Link>
          )}
          <Link className="link small" to={`/tickets/${order.ticket.id}`}>
            Look at the ticket
          </Link>
        </section>
        <OrderSummary order={order} />
      </div>
    </Page>
  )
}
