// How many units of a listing are reserved, sold and left, and what its seller can still change.
import type { Listing, Ticket } from '#api/types.ts'
import { count } from '#format/counts.ts'

/** "1 reserved, 2 sold, 3 left"; "3 reserved or sold, 3 left" for a ticket without separate counts. */
export function describeUnits(ticket: Ticket | Listing): string {
  const { quantity, available, status } = ticket
  if (status === 'withdrawn') return 'Not for sale'
  if (status === 'draft') return 'Not for sale until every ticket is added'
  if (status === 'sold') return quantity === 1 ? '1 sold' : `All ${quantity} sold`
  const gone =
    'sold' in ticket
      ? [units(ticket.reserved, 'reserved'), units(ticket.sold, 'sold')]
      : [units(quantity - available, quantity === 1 ? 'reserved' : 'reserved or sold')]
  return [...gone, units(available, 'left')].filter(Boolean).join(', ')
}

const units = (n: number, word: string): string => (n > 0 ? `${n} ${word}` : '')

/** Why the seller cannot change the listing; null when they can. */
export function lockReason(ticket: Ticket): string | null {
  if (ticket.status === 'withdrawn') return 'You withdrew this listing. It can’t be changed any more.'
  if (ticket.status === 'sold') return 'It is sold. What somebody paid for can’t change any more.'
  if (ticket.status === 'reserved') {
    return 'Somebody is paying for it right now. If they don’t finish, you can change it again within minutes.'
  }
  return null
}

/** Whether the event has begun: nothing of it is for sale any more. */
export const hasStarted = ({ startsAt }: Pick<Ticket, 'startsAt'>, now: number): boolean =>
  startsAt !== null && Date.parse(startsAt) <= now

/** Units that are reserved or sold. */
export const taken = ({ quantity, available }: Ticket): number => quantity - available

/** Why the seller cannot withdraw the listing; null when they can. */
export function withdrawalBlocker(ticket: Ticket): string | null {
  if (ticket.status === 'withdrawn') return 'It is already withdrawn.'
  if (taken(ticket) === 0) return null
  return `${count(taken(ticket), 'ticket is', 'tickets are')} reserved or sold, so the listing stays as it is for now.`
}
