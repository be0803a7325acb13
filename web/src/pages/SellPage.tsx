// Listing a ticket for sale.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { listingsQuery, ticketQuery } from '#api/queries.ts'
import { createTicket } from '#api/tickets.ts'
import type { NewTicket } from '#api/types.ts'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'
import { emptyDraft } from '#features/selling/draft.ts'
import { clearDraft } from '#features/selling/draftStorage.ts'
import { ListingForm } from '#features/selling/ListingForm.tsx'

export function SellPage() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const save = async (body: NewTicket) => {
    const ticket = await createTicket(body)
    clearDraft('new')
    client.setQueryData(ticketQuery(ticket.id).queryKey, ticket)
    await client.invalidateQueries({ queryKey: listingsQuery.queryKey })
    await navigate(`/tickets/${ticket.id}`, { state: { isNew: true } })
  }
  return (
    <Page title="Sell a ticket">
      <section className="hero">
        <Heading>Can’t go? Sell it.</Heading>
      </section>
      <ListingForm name="new" start={emptyDraft()} version={0} submit="Put it up for sale" save={save} />
    </Page>
  )
}
