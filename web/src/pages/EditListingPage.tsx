// One of the seller’s own listings: edit it, withdraw it, or see why neither is possible now.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from 'react-router'
import { hasCode } from '#api/errors.ts'
import { listingsQuery, polledTicketQuery, ticketQuery } from '#api/queries.ts'
import { updateTicket } from '#api/tickets.ts'
import type { Listing, NewTicket, Ticket } from '#api/types.ts'
import { useUser } from '#api/useUser.ts'
import { Heading } from '#components/Heading.tsx'
import { Note } from '#components/Note.tsx'
import { Page } from '#components/Page.tsx'
import { ErrorPage } from '#errors/ErrorPage.tsx'
import { NotFoundPage } from '#errors/NotFoundPage.tsx'
import { toDraft } from '#features/selling/draft.ts'
import { clearDraft } from '#features/selling/draftStorage.ts'
import { ListingForm } from '#features/selling/ListingForm.tsx'
import { ListingSummary } from '#features/selling/ListingSummary.tsx'
import { SellNoMore } from '#features/selling/SellNoMore.tsx'
import { describeUnits, lockReason, taken } from '#features/selling/unitCounts.ts'
import { WithdrawListing } from '#features/selling/WithdrawListing.tsx'
import { isolate } from '#format/userText.ts'

export function EditListingPage() {
  const { id = '' } = useParams()
  const { user, isLoaded } = useUser()
  const query = useQuery(polledTicketQuery(id))
  if (query.data && isLoaded && query.data.sellerId !== user?.id) return <NotFoundPage />
  if (query.data && isLoaded) return <EditListing key={id} ticket={query.data} />
  if (query.isError) return <ErrorPage error={query.error} retry={query.refetch} />
  return (
    <Page title="Your listing">
      <div className="waiting" />
    </Page>
  )
}

function EditListing({ ticket }: { ticket: Ticket }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const locked = lockReason(ticket)
  const counted = useListing(ticket) ?? ticket

  const save = async (body: NewTicket) => {
    try {
      const updated = await updateTicket(ticket.id, ticket.version, body)
      clearDraft(ticket.id)
      client.setQueryData(ticketQuery(ticket.id).queryKey, updated)
      await client.invalidateQueries({ queryKey: listingsQuery.queryKey })
      await navigate('/selling')
    } catch (error) {
      await client.invalidateQueries({ queryKey: ticketQuery(ticket.id).queryKey })
      if (hasCode(error, 'listing_changed', 412))
        throw new Error('The listing changed meanwhile. Look it over, then save again.')
      throw error
    }
  }
  return (
    <Page title={`Your listing: ${isolate(ticket.title)}`}>
      <nav className="crumbs" aria-label="Breadcrumb">
        <Link to="/selling">← Selling</Link>
      </nav>
      <section className="hero close">
        <Heading>Your listing</Heading>
        <p className="muted">{describeUnits(counted)}</p>
      </section>
      {locked ? (
        <div className="split">
          <section className="state panel">
            <h2>{ticket.status === 'reserved' ? 'Locked for now' : 'Locked'}</h2>
            <Note icon="lock">{locked}</Note>
            <Link className="link" to={`/tickets/${ticket.id}`}>
              See it as buyers do
            </Link>
          </section>
          <ListingSummary ticket={counted} />
        </div>
      ) : (
        <ListingForm
          name={ticket.id}
          start={toDraft(ticket)}
          version={ticket.version}
          submit="Save changes"
          save={save}
        />
      )}
      {ticket.status === 'available' && taken(ticket) > 0 && <SellNoMore ticket={ticket} />}
      {canWithdraw(ticket) && <WithdrawListing ticket={ticket} />}
    </Page>
  )
}

/** The ticket as the list of the seller’s own has it, with what is reserved and sold; undefined where it is not there. */
function useListing({ id, available }: Ticket): Listing | undefined {
  const { data } = useInfiniteQuery(listingsQuery)
  const listing = data?.pages.flatMap((page) => page.items).find((each) => each.id === id)
  return listing?.available === available ? listing : undefined // the ticket may be newer
}

const canWithdraw = (ticket: Ticket): boolean =>
  ticket.status === 'reserved' || (ticket.status === 'available' && taken(ticket) === 0)
