// Putting a ticket up for sale.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { listings, ticket as ticketQuery } from '../api/queries.ts'
import { listTicket } from '../api/tickets.ts'
import type { NewTicket } from '../api/types.ts'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { dropDraft, EMPTY, keptDraft } from '../selling/draft.ts'
import { ListingForm } from '../selling/ListingForm.tsx'
import { useSignInFirst } from '../session/useSignInFirst.ts'

export function SellPage() {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const signInFirst = useSignInFirst()
  const save = async (wanted: NewTicket) => {
    const listed = await signInFirst(() => listTicket(wanted))
    dropDraft('new')
    cache.setQueryData(ticketQuery(listed.id).queryKey, listed)
    await cache.invalidateQueries({ queryKey: listings.queryKey })
    await navigate(`/tickets/${listed.id}`)
  }
  return (
    <Page title="Sell a ticket">
      <section className="hero">
        <Heading>Can’t go? Sell it.</Heading>
      </section>
      <ListingForm name="new" start={keptDraft('new') ?? EMPTY} submit="Put it up for sale" save={save} />
    </Page>
  )
}
