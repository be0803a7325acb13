// The one typed client: every request to the API goes through `ask`.
import createClient from 'openapi-fetch'
import { hear } from './clock.ts'
import { refusalOf, Unreachable } from './errors.ts'
import { mayHaveSession, refreshSession } from './refresh.ts'
import type { paths } from './schema.d.ts'

const PATIENCE = 10_000 // services learn of each other's rows within about a second; ten is when to give up

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: (request) => ask(request) })

/** The answer's data, or a Refusal raised. */
export function unwrap<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (!answer.response.ok) throw refusalOf(answer.response.status, answer.error)
  return answer.data as T
}

/** Sends a request; waits where the API says "not yet", and renews a session that ran out, once. */
export async function ask(request: Request): Promise<Response> {
  const started = Date.now()
  const answer = await patiently(request)
  if (answer.status !== 401 || !needsSession(request) || !mayHaveSession()) return answer
  return (await refreshSession(started)) ? patiently(request) : answer
}

async function patiently(request: Request): Promise<Response> {
  const deadline = performance.now() + PATIENCE
  for (;;) {
    const answer = await send(request.clone())
    const wait = Number(answer.headers.get('Retry-After')) * 1000
    const worthAsking = notHeardOfYet(request, answer) || (answer.status === 503 && isRepeatable(request))
    if (!worthAsking || !wait || performance.now() + wait > deadline) return answer
    await pause(wait, request.signal)
  }
}

async function send(request: Request): Promise<Response> {
  const sent = performance.now()
  try {
    const answer = await fetch(request)
    hear(answer.headers.get('Date'), sent)
    return answer
  } catch (cause) {
    if (request.signal.aborted) throw cause
    throw new Unreachable({ cause })
  }
}

/** A service that does not own the row may not have heard of it yet; the owner's own 404 is final. */
function notHeardOfYet(request: Request, answer: Response): boolean {
  const { pathname } = new URL(request.url)
  const hearsFromOthers = pathname === '/api/payments' || pathname === '/api/orders'
  return answer.status === 404 && hearsFromOthers
}

/** Whether sending it twice does it once. Payments are one per order, a repeated extension is not counted. */
function isRepeatable(request: Request): boolean {
  const { pathname } = new URL(request.url)
  if (request.method !== 'POST' || request.headers.has('Idempotency-Key')) return true
  return pathname === '/api/payments' || pathname.endsWith('/extend')
}

/** Whether a 401 may mean a session that ran out; signing in answers 401 for other reasons. */
function needsSession(request: Request): boolean {
  const { pathname } = new URL(request.url)
  return !pathname.startsWith('/api/users/') || pathname === '/api/users/me'
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
