// One of the seller’s own listings in a list.
import { serverNow } from '#api/clock.ts'
import type { Listing } from '#api/types.ts'
import { Price } from '#components/Price.tsx'
import { TicketCard } from '#components/TicketCard.tsx'
import { shortDateTime } from '#format/dates.ts'
import { describeUnits, hasStarted } from './unitCounts.ts'

const TAGS: Record<Listing['status'], string> = {
  available: 'For sale',
  reserved: 'Reserved',
  sold: 'Sold',
  draft: 'Tickets missing',
  withdrawn: 'Withdrawn',
}

export function ListingCard({ ticket }: { ticket: Listing }) {
  const isOver = ticket.status === 'available' && hasStarted(ticket, serverNow())
  return (
    <TicketCard
      ticket={ticket}
      to={`/sell/${ticket.id}`}
      formatDate={shortDateTime}
      level="h2"
      faded={ticket.status === 'withdrawn' || isOver}
    >
      <Price minor={ticket.price} currency={ticket.currency} />
      <span className="tag">{isOver ? 'Started' : TAGS[ticket.status]}</span>
      <small>{describeUnits(ticket)}</small>
    </TicketCard>
  )
}
