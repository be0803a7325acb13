// A locked listing.
import type { Ticket } from '#api/types.ts'
import { TicketSummary } from '#components/TicketSummary.tsx'
import { money } from '#format/money.ts'
import { describeUnits } from './unitCounts.ts'

export function ListingSummary({ ticket }: { ticket: Ticket }) {
  return (
    <TicketSummary label="The listing" ticket={ticket}>
      <div>
        <dt>Tickets</dt>
        <dd>{describeUnits(ticket)}</dd>
      </div>
      <div>
        <dt className="sr">Price</dt>
        <dd className="price">{money(ticket.price, ticket.currency)}</dd>
      </div>
    </TicketSummary>
  )
}
