// A hold somebody asked for before signing in; it waits in this tab, for half an hour, until they come back.
import type { HoldIntention } from '../api/orders.ts'

const WAITING = 'tiketz.hold'
const HALF_AN_HOUR = 30 * 60_000

export function rememberHold(intention: HoldIntention): void {
  sessionStorage.setItem(WAITING, JSON.stringify({ ...intention, since: Date.now() }))
}

export function forgetHold(): void {
  sessionStorage.removeItem(WAITING)
}

export function waitingHold(): HoldIntention | null {
  const kept = sessionStorage.getItem(WAITING)
  if (kept === null) return null
  const { since, ...intention } = JSON.parse(kept) as HoldIntention & { since: number }
  return Date.now() - since < HALF_AN_HOUR ? intention : null
}
