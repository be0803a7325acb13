// One ticket: what it is, what it costs, and the button that holds it.
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { polledTicketQuery } from '#api/queries.ts'
import type { Ticket } from '#api/types.ts'
import { BigTicket } from '#components/BigTicket.tsx'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'
import { UserText } from '#components/UserText.tsx'
import { ErrorPage } from '#errors/ErrorPage.tsx'
import { BackLink } from '#features/browse/BackLink.tsx'
import { TicketOffer } from '#features/checkout/hold/TicketOffer.tsx'
import { count } from '#format/counts.ts'
import { money } from '#format/money.ts'
import { isolate } from '#format/userText.ts'

export function TicketPage() {
  const { id = '' } = useParams()
  const query = useQuery(polledTicketQuery(id))
  if (query.data) return <TicketDetail key={id} ticket={query.data} />
  if (query.isError) return <ErrorPage error={query.error} retry={query.refetch} />
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
  const title = (
    <Heading>
      <UserText>{ticket.title}</UserText>
    </Heading>
  )
  return (
    <Page title={isolate(ticket.title)}>
      <BackLink />
      <div className="split">
        <BigTicket ticket={ticket} title={title} description={ticket.description}>
          <dl className="facts">
            {ticket.category && (
              <div>
                <dt>Category</dt>
                <dd>
                  <UserText>{ticket.category}</UserText>
                </dd>
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
          <TicketOffer ticket={ticket} />
        </aside>
      </div>
    </Page>
  )
}
