// One of the seller's own listings in a list.
import type { Listing } from '../api/types.ts'
import { shortMoment } from '../format/dates.ts'
import { Price } from '../parts/Price.tsx'
import { TicketCard } from '../parts/TicketCard.tsx'
import { whereabouts } from './stock.ts'

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
      when={shortMoment}
      level="h2"
      faded={ticket.status === 'withdrawn'}
    >
      <Price minor={ticket.price} currency={ticket.currency} />
      <span className="tag">{TAGS[ticket.status]}</span>
      <small>{whereabouts(ticket)}</small>
    </TicketCard>
  )
}
