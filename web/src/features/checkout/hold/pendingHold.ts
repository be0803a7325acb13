// A hold that waits for signing in, stored in this tab for half an hour.
import type { HoldRequest } from '#api/orders.ts'

const KEY = 'tiketz.hold'
const HALF_AN_HOUR = 30 * 60_000

export function savePendingHold(request: HoldRequest): void {
  sessionStorage.setItem(KEY, JSON.stringify({ ...request, since: Date.now() }))
}

export function clearPendingHold(): void {
  sessionStorage.removeItem(KEY)
}

export function readPendingHold(): HoldRequest | null {
  const stored = sessionStorage.getItem(KEY)
  if (stored === null) return null
  const { since, ...request } = JSON.parse(stored) as HoldRequest & { since: number }
  return Date.now() - since < HALF_AN_HOUR ? request : null
}
