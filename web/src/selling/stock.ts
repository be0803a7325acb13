// Where a listing's units are, and what its seller may still do with it.
import type { Listing, Ticket } from '../api/types.ts'
import { count } from '../format/counts.ts'

/** "1 reserved, 2 sold, 3 left"; where nobody told which of the taken are sold, "3 reserved or sold, 3 left" */
export function whereabouts(ticket: Ticket | Listing): string {
  const { quantity, available, status } = ticket
  if (status === 'withdrawn') return 'Not for sale'
  if (status === 'sold') return quantity === 1 ? '1 sold' : `All ${quantity} sold`
  const taken =
    'sold' in ticket
      ? [some(ticket.reserved, 'reserved'), some(ticket.sold, 'sold')]
      : [some(quantity - available, quantity === 1 ? 'reserved' : 'reserved or sold')]
  return [...taken, some(available, 'left')].filter(Boolean).join(', ')
}

const some = (units: number, word: string): string => (units > 0 ? `${units} ${word}` : '')

/** Why the seller cannot change the listing; null when they can. */
export function whyLocked(ticket: Ticket): string | null {
  if (ticket.status === 'withdrawn') return 'You withdrew this listing. It can’t be changed any more.'
  if (ticket.status === 'sold') return 'It is sold. What somebody paid for can’t change any more.'
  if (ticket.status === 'reserved') {
    return 'Somebody is paying for it right now. If they don’t finish, you can change it again within minutes.'
  }
  return null
}

/** Why the seller cannot withdraw the listing; null when they can. */
export function whyNotWithdraw(ticket: Ticket): string | null {
  if (ticket.status === 'withdrawn') return 'It is already withdrawn.'
  const taken = ticket.quantity - ticket.available
  if (taken === 0) return null
  return `${count(taken, 'ticket is', 'tickets are')} reserved or sold, so the listing stays as it is for now.`
}
