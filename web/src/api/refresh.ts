// Refreshing the session: one refresh at a time, across every tab of this browser.
import { syncClock } from './clock.ts'
import { NetworkError, toApiError } from './errors.ts'

const SIGNED_IN = 'tiketz.signed-in' // cookies are HttpOnly, so this key alone shows that there may be a session
const REFRESHED_AT = 'tiketz.refreshed-at' // device milliseconds; only ever compared on this device

let pending: Promise<boolean> | null = null

export const isProbablySignedIn = (): boolean => localStorage.getItem(SIGNED_IN) !== null

export function markSignedIn(): void {
  localStorage.setItem(SIGNED_IN, '1')
}

export function markSignedOut(): void {
  localStorage.removeItem(SIGNED_IN)
}

/**
 * Rotates the session cookies, unless another tab did so after `since` (device milliseconds). False: sign in again.
 * Raises NetworkError or ApiError when the outcome is unknown.
 */
export function refreshSession(since: number): Promise<boolean> {
  pending ??= withLock(() => refresh(since)).finally(() => {
    pending = null
  })
  return pending
}

async function withLock(work: () => Promise<boolean>): Promise<boolean> {
  if (!navigator.locks) return work()
  return await navigator.locks.request('tiketz-refresh', () => work())
}

async function refresh(since: number): Promise<boolean> {
  if (Number(localStorage.getItem(REFRESHED_AT)) > since) return true
  const sentAt = performance.now()
  const response = await fetch('/api/users/refresh', { method: 'POST' }).catch((cause: unknown) => {
    throw new NetworkError({ cause })
  })
  syncClock(response.headers.get('Date'), sentAt)
  if (response.status === 401) {
    markSignedOut()
    return false
  }
  if (!response.ok) throw toApiError(response.status, null)
  localStorage.setItem(REFRESHED_AT, String(Date.now()))
  return true
}
