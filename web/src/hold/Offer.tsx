// What this visitor may do with this ticket: hold it, carry on paying, look after it, or look elsewhere.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link, useLocation } from 'react-router'
import { serverNow } from '../api/clock.ts'
import { isRefusal } from '../api/errors.ts'
import { orders, ticket as ticketQuery } from '../api/queries.ts'
import type { Order, Ticket } from '../api/types.ts'
import { money } from '../format/money.ts'
import { Note } from '../parts/Note.tsx'
import { useUser } from '../session/useUser.ts'
import { BuyPanel } from './BuyPanel.tsx'
import { waitingHold } from './intention.ts'
import { NotForSale, type Reason, whyNot } from './NotForSale.tsx'
import { usePlaceHold } from './usePlaceHold.ts'

const CATCH_UP = 3000 // milliseconds after which our copy of the ticket surely knows what refused us

export function Offer({ ticket }: { ticket: Ticket }) {
  const { user } = useUser()
  const { hold, resume, isPending, error, reset } = usePlaceHold()
  const mine = useOwnHold(ticket.id, user !== null)
  const cache = useQueryClient()
  const backFromSignIn = (useLocation().state as { signedIn?: boolean } | null)?.signedIn === true
  const lost = lostRace(error)

  useEffect(() => {
    const waiting = user && backFromSignIn ? waitingHold() : null
    if (waiting?.ticketId === ticket.id) resume(waiting)
  }, [user, backFromSignIn, ticket.id, resume])

  useEffect(() => {
    if (!lost) return
    const forget = () => cache.invalidateQueries({ queryKey: ticketQuery(ticket.id).queryKey }).then(reset)
    const timer = setTimeout(forget, CATCH_UP)
    return () => clearTimeout(timer)
  }, [lost, cache, ticket.id, reset])

  if (user?.id === ticket.sellerId) return <OwnListing ticket={ticket} />
  if (mine) return <CarryOn order={mine} />
  const reason = whyNot(ticket, serverNow()) ?? lost
  if (reason) return <NotForSale reason={reason} city={ticket.city} />
  return (
    <>
      {error && (
        <Note kind="bad" alert>
          {error.message}
        </Note>
      )}
      <BuyPanel
        ticket={ticket}
        busy={isPending}
        hold={(quantity) => hold({ ticketId: ticket.id, quantity, price: ticket.price })}
      />
    </>
  )
}

/** A 409 about no field of ours: the ticket went to somebody else, before our copy of it has heard so. */
function lostRace(error: Error | null): Reason | null {
  if (!isRefusal(error, 409) || error.complaints.some(({ field }) => field)) return null
  return /sold/.test(error.message) ? 'sold' : 'taken'
}

function useOwnHold(ticketId: string, signedIn: boolean): Order | undefined {
  const { data } = useInfiniteQuery({ ...orders, enabled: signedIn })
  return data?.pages
    .flatMap((page) => page.items)
    .find((order) => {
      const alive = order.status === 'pending' && Date.parse(order.expiresAt) > serverNow()
      return alive && order.ticket.id === ticketId
    })
}

function CarryOn({ order }: { order: Order }) {
  return (
    <div className="state">
      <h2>You are holding this one</h2>
      <p className="small">{money(order.total, order.currency)}, yours until the time runs out.</p>
      <Link className="btn block" to={`/orders/${order.id}`}>
        Carry on paying
      </Link>
    </div>
  )
}

function OwnListing({ ticket }: { ticket: Ticket }) {
  return (
    <div className="state">
      <h2>This is your listing</h2>
      <p className="small">
        You can’t buy your own ticket. {money(ticket.price, ticket.currency)} is what buyers pay.
      </p>
      <Link className="btn block" to={`/sell/${ticket.id}`}>
        Look after it
      </Link>
    </div>
  )
}
