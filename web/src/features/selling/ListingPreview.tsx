// How the listing will look.
import { TicketSummary } from '#components/TicketSummary.tsx'
import { parseAmount } from '#format/amounts.ts'
import { money } from '#format/money.ts'
import { type Draft, readStart } from './draft.ts'

export function ListingPreview({ draft, id }: { draft: Draft; id: string }) {
  const price = parseAmount(draft.price)
  const start = readStart(draft)
  const ticket = {
    id,
    title: draft.title.trim() || 'Your ticket',
    startsAt: start.kind === 'time' ? start.iso : null,
    timeZone: draft.timeZone,
    venue: draft.venue.trim(),
    city: draft.city.trim(),
  }
  return (
    <TicketSummary
      label="How it will look"
      ticket={ticket}
      isPreview
      note={id === 'new' && 'Every ticket is printed in colours of its own.'}
    >
      <div>
        <dt>You ask</dt>
        <dd>{draft.quantity === '1' ? 'for one ticket' : `each, ${draft.quantity} tickets`}</dd>
      </div>
      <div>
        <dt className="sr">Price</dt>
        <dd className="price">{price === null ? '–' : money(price, draft.currency)}</dd>
      </div>
    </TicketSummary>
  )
}
