// The typed client: every request to the API goes through `sendRequest`.
import createClient from 'openapi-fetch'
import { syncClock } from './clock.ts'
import { NetworkError, toApiError } from './errors.ts'
import { isProbablySignedIn, refreshSession } from './refresh.ts'
import type { paths } from './schema.d.ts'

const RETRY_FOR = 10_000 // milliseconds; services learn of each other's rows within about a second

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) => sendRequest(request),
})

/** The response's data. Raises ApiError for an error response. */
export function unwrap<T>(result: { data?: T; error?: unknown; response: Response }): T {
  if (!result.response.ok) throw toApiError(result.response.status, result.error)
  return result.data as T
}

export const withSignal = (signal: AbortSignal | undefined) => (signal ? { signal } : {})

/** Sends a request; an expired session is refreshed once. Raises NetworkError. */
export async function sendRequest(request: Request): Promise<Response> {
  const started = Date.now()
  const response = await requestWithRetry(request)
  if (response.status !== 401 || !needsSession(request) || !isProbablySignedIn()) return response
  if (await isWrongPassword(response)) return response
  return (await refreshSession(started)) ? requestWithRetry(request) : response
}

/** Retries as `Retry-After` says, for ten seconds at most. */
async function requestWithRetry(request: Request): Promise<Response> {
  const deadline = performance.now() + RETRY_FOR
  for (;;) {
    const response = await fetchOnce(request.clone())
    const wait = Number(response.headers.get('Retry-After')) * 1000
    const shouldRetry =
      isNotYetReplicated(request, response) || (response.status === 503 && isIdempotent(request))
    if (!shouldRetry || !wait || performance.now() + wait > deadline) return response
    await pause(wait, request.signal)
  }
}

async function fetchOnce(request: Request): Promise<Response> {
  const sentAt = performance.now()
  try {
    const response = await fetch(request)
    syncClock(response.headers.get('Date'), sentAt)
    return response
  } catch (cause) {
    if (request.signal.aborted) throw cause
    throw new NetworkError({ cause })
  }
}

/** A service that does not own the row may not have received its event yet; the owner's own 404 is final. */
function isNotYetReplicated(request: Request, response: Response): boolean {
  const { pathname } = new URL(request.url)
  const isConsumer = pathname === '/api/payments' || pathname === '/api/orders'
  return [202, 404, 409].includes(response.status) && isConsumer
}

/** Payments are one per order, and a repeated extension is not counted. */
function isIdempotent(request: Request): boolean {
  const { pathname } = new URL(request.url)
  if (request.method !== 'POST' || request.headers.has('Idempotency-Key')) return true
  return pathname === '/api/payments' || pathname.endsWith('/extend')
}

/** Whether a 401 may mean an expired session; signing in returns 401 for other reasons. */
function needsSession(request: Request): boolean {
  const { pathname } = new URL(request.url)
  return !pathname.startsWith('/api/users/') || /^\/api\/users\/(me|verification)\b/.test(pathname)
}

/** A 401 that another session would get too. */
async function isWrongPassword(response: Response): Promise<boolean> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  return toApiError(401, body).code === 'wrong_password'
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
