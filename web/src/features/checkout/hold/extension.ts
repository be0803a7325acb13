// More time for a hold: when it is offered, what it adds, how often it is left.
import type { Order } from '#api/types.ts'

export interface Extension {
  /** Seconds. */
  adds: number
  /** How many extensions are left; undefined where the stage does not say. */
  left: number | undefined
}

interface Rules {
  holdSeconds: number | undefined
  maxExtensions: number | undefined
}

/** Seconds left from which on more time is offered: earlier, an extension would add little. */
export const offeredFrom = (order: Order, { holdSeconds }: Rules): number =>
  (holdSeconds ?? (Date.parse(order.expiresAt) - Date.parse(order.createdAt)) / 1000) / 3

/** How many extensions are left; undefined where the stage does not say. */
export const extensionsLeft = (order: Order, { maxExtensions }: Rules): number | undefined =>
  maxExtensions === undefined ? undefined : Math.max(0, maxExtensions - order.extensions)

/** An extended hold is a whole one from `now` on, but ends when the event starts. Null where none is offered. */
export function extensionOf(order: Order, seconds: number, rules: Rules, now: number): Extension | null {
  const left = extensionsLeft(order, rules)
  if (left === 0 || seconds === 0 || seconds > offeredFrom(order, rules)) return null
  const hold = rules.holdSeconds ?? offeredFrom(order, rules) * 3
  const untilStart = order.ticket.startsAt
    ? (Date.parse(order.ticket.startsAt) - now) / 1000
    : Number.POSITIVE_INFINITY
  const adds = Math.floor(Math.min(hold, untilStart) - seconds)
  return adds > 0 ? { adds, left } : null
}
