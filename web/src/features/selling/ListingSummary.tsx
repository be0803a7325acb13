// A locked listing.
import type { Ticket } from '#api/types.ts'
import { BigTicket } from '#components/BigTicket.tsx'
import { money } from '#format/money.ts'
import { describeUnits } from './unitCounts.ts'

export function ListingSummary({ ticket }: { ticket: Ticket }) {
  return (
    <aside className="summary" aria-label="The listing">
      <BigTicket ticket={ticket}>
        <dl className="facts">
          <div>
            <dt>Tickets</dt>
            <dd>{describeUnits(ticket)}</dd>
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
