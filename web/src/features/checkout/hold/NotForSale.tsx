// Why a ticket cannot be held now, and a link to more tickets.
import { Link } from 'react-router'
import type { Ticket } from '#api/types.ts'
import { isolate } from '#format/userText.ts'
import { ActionBar } from '../ActionBar.tsx'

export type UnavailableReason = 'reserved' | 'sold' | 'draft' | 'withdrawn' | 'started'

export function unavailableReason(ticket: Ticket, now: number): UnavailableReason | null {
  if (ticket.status === 'withdrawn') return 'withdrawn'
  if (ticket.startsAt && Date.parse(ticket.startsAt) <= now) return 'started'
  return ticket.status === 'available' ? null : ticket.status
}

const TEXTS: Record<UnavailableReason, [title: string, text: string]> = {
  reserved: [
    'Somebody is paying for this one',
    'If they don’t finish, it comes back within minutes. Keep this page open: it changes by itself.',
  ],
  sold: ['This one is sold', 'Somebody else is going. There may be more for the same night.'],
  draft: ['Not for sale yet', 'Its seller is still adding the tickets.'],
  withdrawn: ['The seller took this one back', 'It is no longer for sale.'],
  started: ['This one has already started', 'Tickets can be held until the doors close.'],
}

export function NotForSale({ reason, city }: { reason: UnavailableReason; city: string | null }) {
  const [title, text] = TEXTS[reason]
  return (
    <div className="state" role="status">
      <ActionBar>
        <h2>{title}</h2>
        <Link className="btn ghost" to={city ? `/?city=${encodeURIComponent(city)}` : '/'}>
          {city ? `More tickets in ${isolate(city)}` : 'More tickets'}
        </Link>
      </ActionBar>
      <p className="small">{text}</p>
    </div>
  )
}
