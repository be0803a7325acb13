// The self-refreshing session: one refresh at a time, across every tab of this browser.
import { hear } from './clock.ts'
import { refusalOf, Unreachable } from './errors.ts'

const HINT = 'tiketz.signed-in' // cookies are HttpOnly, so a visitor who never signed in is told apart by this
const REFRESHED_AT = 'tiketz.refreshed-at' // device milliseconds; only ever compared on this device

let underway: Promise<boolean> | null = null

export const mayHaveSession = (): boolean => localStorage.getItem(HINT) !== null

export function rememberSession(): void {
  localStorage.setItem(HINT, '1')
}

export function forgetSession(): void {
  localStorage.removeItem(HINT)
}

/**
 * Renews the session cookies, unless another tab did so after `since` (device milliseconds). False: sign in again.
 * Raises Unreachable or Refusal when nobody could tell.
 */
export function refreshSession(since: number): Promise<boolean> {
  underway ??= exclusively(() => renew(since)).finally(() => {
    underway = null
  })
  return underway
}

async function exclusively(work: () => Promise<boolean>): Promise<boolean> {
  if (!navigator.locks) return work()
  return await navigator.locks.request('tiketz-refresh', () => work())
}

async function renew(since: number): Promise<boolean> {
  if (Number(localStorage.getItem(REFRESHED_AT)) > since) return true
  const sent = performance.now()
  const answer = await fetch('/api/users/refresh', { method: 'POST' }).catch((cause: unknown) => {
    throw new Unreachable({ cause })
  })
  hear(answer.headers.get('Date'), sent)
  if (answer.status === 401) {
    forgetSession()
    return false
  }
  if (!answer.ok) throw refusalOf(answer.status, null)
  localStorage.setItem(REFRESHED_AT, String(Date.now()))
  return true
}
