// Orders by their events: the next one first, tickets for any day after those with a date, and what is over.
import type { Order } from '#api/types.ts'

const OVER_AFTER = 12 * 3_600_000 // milliseconds after the start: a ticket is needed until the event ends

export function byEvent(orders: Order[], now: number): { coming: Order[]; over: Order[] } {
  const start = ({ ticket }: Order) =>
    ticket.startsAt ? Date.parse(ticket.startsAt) : Number.POSITIVE_INFINITY
  const isOver = (order: Order) => start(order) + OVER_AFTER <= now
  const sorted = [...orders].sort((one, other) => (start(one) < start(other) ? -1 : 1))
  return {
    coming: sorted.filter((order) => !isOver(order)),
    over: sorted.filter(isOver).reverse(),
  }
}
