// What the user can do with a ticket: hold it, continue an open payment, edit the own listing, or look elsewhere.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link, useLocation } from 'react-router'
import { serverNow } from '#api/clock.ts'
import { ApiError } from '#api/errors.ts'
import { ticketQuery } from '#api/queries.ts'
import type { ErrorCode, Order, Ticket } from '#api/types.ts'
import { useUser } from '#api/useUser.ts'
import { Note } from '#components/Note.tsx'
import { money } from '#format/money.ts'
import { ActionBar } from '../ActionBar.tsx'
import { BuyPanel } from './BuyPanel.tsx'
import { Clock } from './Clock.tsx'
import { NotForSale, type UnavailableReason, unavailableReason } from './NotForSale.tsx'
import { OwnListing } from './OwnListing.tsx'
import { readPendingHold } from './pendingHold.ts'
import { useHeldOrders } from './useHeldOrders.ts'
import { usePlaceHold } from './usePlaceHold.ts'
import { useSecondsLeft } from './useSecondsLeft.ts'

const REPLICATED_AFTER = 3000 // milliseconds until the ticket surely shows why the hold failed

export function TicketOffer({ ticket }: { ticket: Ticket }) {
  const { user } = useUser()
  const { hold, resume, isPending, error, reset } = usePlaceHold()
  const ownHold = useHeldOrders().find((order) => order.ticket.id === ticket.id)
  const client = useQueryClient()
  const hasSignedIn = (useLocation().state as { signedIn?: boolean } | null)?.signedIn === true
  const lostTo = reasonOf(error)

  useEffect(() => {
    const pending = user && hasSignedIn ? readPendingHold() : null
    if (pending?.ticketId === ticket.id) resume(pending)
  }, [user, hasSignedIn, ticket.id, resume])

  useEffect(() => {
    if (!lostTo) return
    const refetch = () => client.invalidateQueries({ queryKey: ticketQuery(ticket.id).queryKey }).then(reset)
    const timer = setTimeout(refetch, REPLICATED_AFTER)
    return () => clearTimeout(timer)
  }, [lostTo, client, ticket.id, reset])

  if (user?.id === ticket.sellerId) return <OwnListing ticket={ticket} />
  if (ownHold) return <ContinuePayment order={ownHold} />
  const reason = unavailableReason(ticket, serverNow()) ?? lostTo
  if (reason) return <NotForSale reason={reason} city={ticket.city} />
  return (
    <>
      {error && (
        <Note kind="bad" alert>
          {error.message}
        </Note>
      )}
      <BuyPanel ticket={ticket} isPending={isPending} hold={(quantity) => hold(ticket, quantity)} />
    </>
  )
}

const REASONS: { [code in ErrorCode]?: UnavailableReason } = {
  ticket_reserved: 'reserved',
  ticket_sold: 'sold',
  ticket_incomplete: 'draft',
  ticket_withdrawn: 'withdrawn',
  event_started: 'started',
}

/** Why the hold failed, where the ticket is not for sale and our copy of it does not show that yet. */
export function reasonOf(error: Error | null): UnavailableReason | null {
  if (!(error instanceof ApiError)) return null
  if (error.code) return REASONS[error.code] ?? null
  return error.status === 409 && !error.fieldErrors.some(({ field }) => field) ? 'reserved' : null
}

function ContinuePayment({ order }: { order: Order }) {
  const seconds = useSecondsLeft(order.expiresAt)
  return (
    <div className="state">
      <ActionBar>
        <h2>You are holding this one</h2>
        <Clock seconds={seconds} />
        <Link className="btn block" to={`/orders/${order.id}`}>
          Carry on paying
        </Link>
      </ActionBar>
      <p className="small">{money(order.total, order.currency)}, yours until the time runs out.</p>
    </div>
  )
}
