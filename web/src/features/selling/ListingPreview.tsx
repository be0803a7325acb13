// How the listing will look.
import { BigTicket } from '#components/BigTicket.tsx'
import { fromDateTimeInput } from '#format/dates.ts'
import { money, parseAmount } from '#format/money.ts'
import type { Draft } from './draft.ts'

export function ListingPreview({ draft, id }: { draft: Draft; id: string }) {
  const price = parseAmount(draft.price)
  const ticket = {
    id,
    title: draft.title.trim() || 'Your ticket',
    startsAt: draft.startsAt ? fromDateTimeInput(draft.startsAt) : null,
    venue: draft.venue.trim(),
    city: draft.city.trim(),
  }
  return (
    <aside className="summary preview" aria-label="How it will look">
      <BigTicket ticket={ticket}>
        <dl className="facts">
          <div>
            <dt>You ask</dt>
            <dd>{draft.quantity === '1' ? 'for one ticket' : `each, ${draft.quantity} tickets`}</dd>
          </div>
          <div>
            <dt className="sr">Price</dt>
            <dd className="price">{price === null ? '–' : money(price, draft.currency)}</dd>
          </div>
        </dl>
      </BigTicket>
      {id === 'new' && <p className="small muted under">Every ticket is printed in colours of its own.</p>}
    </aside>
  )
}
