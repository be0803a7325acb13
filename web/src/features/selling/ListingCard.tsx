// One of the seller’s own listings in a list.
import type { Listing } from '#api/types.ts'
import { Price } from '#components/Price.tsx'
import { TicketCard } from '#components/TicketCard.tsx'
import { shortDateTime } from '#format/dates.ts'
import { describeUnits } from './unitCounts.ts'

const TAGS: Record<Listing['status'], string> = {
  available: 'For sale',
  reserved: 'Reserved',
  sold: 'Sold',
  withdrawn: 'Withdrawn',
}

export function ListingCard({ ticket }: { ticket: Listing }) {
  return (
    <TicketCard
      ticket={ticket}
      to={`/sell/${ticket.id}`}
      formatDate={shortDateTime}
      level="h2"
      faded={ticket.status === 'withdrawn'}
    >
      <Price minor={ticket.price} currency={ticket.currency} />
      <span className="tag">{TAGS[ticket.status]}</span>
      <small>{describeUnits(ticket)}</small>
    </TicketCard>
  )
}
