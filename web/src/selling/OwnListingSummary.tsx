// A listing that cannot be changed, as it stands.
import type { Ticket } from '../api/types.ts'
import { money } from '../format/money.ts'
import { BigTicket } from '../parts/BigTicket.tsx'
import { whereabouts } from './stock.ts'

export function OwnListingSummary({ ticket }: { ticket: Ticket }) {
  return (
    <aside className="summary" aria-label="The listing">
      <BigTicket ticket={ticket}>
        <dl className="facts">
          <div>
            <dt>Tickets</dt>
            <dd>{whereabouts(ticket)}</dd>
          </div>
          <div>
            <dt className="sr">Price</dt>
            <dd className="price">{money(ticket.price, ticket.currency)}</dd>
          </div>
        </dl>
      </BigTicket>
    </aside>
  )
}
