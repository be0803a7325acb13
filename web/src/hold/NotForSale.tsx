// Why this ticket cannot be held right now, and what to do instead.
import { Link } from 'react-router'
import type { Ticket } from '../api/types.ts'

export type Reason = 'taken' | 'sold' | 'withdrawn' | 'past'

export function whyNot(ticket: Ticket, now: number): Reason | null {
  if (ticket.status === 'withdrawn') return 'withdrawn'
  if (ticket.startsAt && Date.parse(ticket.startsAt) <= now) return 'past'
  if (ticket.status === 'sold') return 'sold'
  return ticket.status === 'reserved' ? 'taken' : null
}

const WORDS: Record<Reason, [title: string, words: string]> = {
  taken: [
    'Somebody is paying for this one',
    'If they don’t finish, it comes back within minutes. Keep this page open: it changes by itself.',
  ],
  sold: ['This one is sold', 'Somebody else is going. There may be more for the same night.'],
  withdrawn: ['The seller took this one back', 'It is no longer for sale.'],
  past: ['This one has already started', 'Tickets can be held until the doors close.'],
}

export function NotForSale({ reason, city }: { reason: Reason; city: string | null }) {
  const [title, words] = WORDS[reason]
  return (
    <div className="state" role="status">
      <h2>{title}</h2>
      <p className="small">{words}</p>
      <Link className="btn ghost" to={city ? `/?city=${encodeURIComponent(city)}` : '/'}>
        {city ? `More tickets in ${city}` : 'More tickets'}
      </Link>
    </div>
  )
}
