// Where a listing's units are, and what its seller may still do with it.
import type { Ticket } from '../api/types.ts'
import { count } from '../format/counts.ts'

/** "1 reserved, 2 sold, 3 left" */
export function whereabouts(ticket: Ticket): string {
  const { quantity, available } = ticket
  const taken = quantity - available
  if (ticket.status === 'withdrawn') return 'Not for sale'
  if (ticket.status === 'sold') return quantity === 1 ? '1 sold' : `All ${quantity} sold`
  if (taken === 0) return `${available} left`
  if (quantity === 1) return '1 reserved'
  return `${taken} reserved or sold, ${available} left`
}

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
