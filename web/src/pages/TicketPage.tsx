// One ticket: what it is, what it costs, and the button that holds it.
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { watchedTicket } from '../api/queries.ts'
import type { Ticket } from '../api/types.ts'
import { BackLink } from '../browse/BackLink.tsx'
import { count } from '../format/counts.ts'
import { money } from '../format/money.ts'
import { Offer } from '../hold/Offer.tsx'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { BigTicket } from '../parts/BigTicket.tsx'
import { TroublePage } from '../trouble/Trouble.tsx'

export function TicketPage() {
  const { id = '' } = useParams()
  const found = useQuery(watchedTicket(id))
  if (found.data) return <TicketDetail key={id} ticket={found.data} />
  if (found.isError) return <TroublePage error={found.error} retry={found.refetch} />
  return (
    <Page title="Ticket">
      <BackLink />
      <div className="split" aria-hidden="true">
        <div className="big skeleton" />
        <div className="panel skeleton" />
      </div>
    </Page>
  )
}

function TicketDetail({ ticket }: { ticket: Ticket }) {
  return (
    <Page title={ticket.title}>
      <BackLink />
      <div className="split">
        <BigTicket ticket={ticket} title={<Heading>{ticket.title}</Heading>} description={ticket.description}>
          <dl className="facts">
            {ticket.category && (
              <div>
                <dt>Category</dt>
                <dd>{ticket.category}</dd>
              </div>
            )}
            <div>
              <dt>Tickets</dt>
              <dd>{ticket.available === 0 ? 'None free' : count(ticket.available, 'left', 'left')}</dd>
            </div>
            <div>
              <dt>Price</dt>
              <dd>{money(ticket.price, ticket.currency)}</dd>
            </div>
          </dl>
        </BigTicket>
        <aside className="panel" aria-label="Buy this ticket">
          <Offer ticket={ticket} />
        </aside>
      </div>
    </Page>
  )
}
