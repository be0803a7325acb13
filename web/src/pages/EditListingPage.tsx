// One of the seller's own listings: change it, withdraw it, or learn why neither can be done now.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from 'react-router'
import { isRefusal } from '../api/errors.ts'
import { listings, ticket as ticketQuery, watchedTicket } from '../api/queries.ts'
import { changeTicket } from '../api/tickets.ts'
import type { NewTicket, Ticket } from '../api/types.ts'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { Note } from '../parts/Note.tsx'
import { draftOf, dropDraft, keptDraft } from '../selling/draft.ts'
import { ListingForm } from '../selling/ListingForm.tsx'
import { OwnListingSummary } from '../selling/OwnListingSummary.tsx'
import { whereabouts, whyLocked } from '../selling/stock.ts'
import { Withdraw } from '../selling/Withdraw.tsx'
import { useSignInFirst } from '../session/useSignInFirst.ts'
import { useUser } from '../session/useUser.ts'
import { TroublePage } from '../trouble/Trouble.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'

export function EditListingPage() {
  const { id = '' } = useParams()
  const { user, known } = useUser()
  const found = useQuery(watchedTicket(id))
  if (found.data && known && found.data.sellerId !== user?.id) return <NotFoundPage />
  if (found.data && known) return <EditListing key={id} ticket={found.data} />
  if (found.isError) return <TroublePage error={found.error} retry={found.refetch} />
  return (
    <Page title="Your listing">
      <div className="waiting" />
    </Page>
  )
}

function EditListing({ ticket }: { ticket: Ticket }) {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const signInFirst = useSignInFirst()
  const locked = whyLocked(ticket)

  const save = async (wanted: NewTicket) => {
    try {
      const changed = await signInFirst(() => changeTicket(ticket.id, ticket.version, wanted))
      dropDraft(ticket.id)
      cache.setQueryData(ticketQuery(ticket.id).queryKey, changed)
      await cache.invalidateQueries({ queryKey: listings.queryKey })
      await navigate('/selling')
    } catch (error) {
      await cache.invalidateQueries({ queryKey: ticketQuery(ticket.id).queryKey })
      if (isRefusal(error, 412))
        throw new Error('The listing changed meanwhile. Look it over, then save again.')
      throw error
    }
  }
  return (
    <Page title={`Your listing: ${ticket.title}`}>
      <nav className="crumbs" aria-label="Breadcrumb">
        <Link to="/selling">← Selling</Link>
      </nav>
      <section className="hero close">
        <Heading>Your listing</Heading>
        <p className="muted">{whereabouts(ticket)}</p>
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
          <OwnListingSummary ticket={ticket} />
        </div>
      ) : (
        <ListingForm
          name={ticket.id}
          start={keptDraft(ticket.id) ?? draftOf(ticket)}
          submit="Save changes"
          save={save}
        />
      )}
      {canStillGo(ticket) && <Withdraw ticket={ticket} />}
    </Page>
  )
}

const canStillGo = ({ status }: Ticket): boolean => status === 'available' || status === 'reserved'
