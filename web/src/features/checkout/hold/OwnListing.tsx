// What sellers see of their own listing: that it is live, a link to share it, and where to look after it.
import { Link, useLocation } from 'react-router'
import { serverNow } from '#api/clock.ts'
import type { Ticket } from '#api/types.ts'
import { ShareButton } from '#components/ShareButton.tsx'
import { money } from '#format/money.ts'
import { ActionBar } from '../ActionBar.tsx'
import { unavailableReason } from './NotForSale.tsx'

export function OwnListing({ ticket }: { ticket: Ticket }) {
  const isNew = (useLocation().state as { isNew?: boolean } | null)?.isNew === true
  const reason = unavailableReason(ticket, serverNow())
  return (
    <div className="state">
      <ActionBar>
        <h2>{isNew ? 'It’s live' : 'This is your listing'}</h2>
        <Link className="btn block" to={`/sell/${ticket.id}`}>
          Look after it
        </Link>
      </ActionBar>
      {reason === 'started' ? (
        <p className="small">It has started, so it is no longer for sale.</p>
      ) : (
        <p className="small">
          You can’t buy your own ticket. {money(ticket.price, ticket.currency)} is what buyers pay.
        </p>
      )}
      {reason === null && <ShareButton title={ticket.title} path={`/tickets/${ticket.id}`} />}
    </div>
  )
}
