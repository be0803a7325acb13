import { describe, expect, it, vi } from 'vitest'
import { serverNow } from '#api/clock.ts'
import { ApiError, NetworkError } from '#api/errors.ts'
import { getOrder, placeHold } from '#api/orders.ts'
import { nextCursor } from '#api/pagination.ts'
import { startPayment } from '#api/payments.ts'
import { markSignedIn } from '#api/refresh.ts'
import { createTicket, getTicket, searchTickets, updateTicket, withdrawTicket } from '#api/tickets.ts'
import { getCurrentUser, signIn } from '#api/users.ts'
import { anOrder, aTicket } from './factories.ts'
import { json, problem, simulateNetwork } from './network.ts'

const ada = { id: 'ada', email: 'ada@example.com' }
const paths = (requests: { method: string; path: string }[]) =>
  requests.map(({ method, path }) => `${method} ${path}`)

describe('a response', () => {
  it('sets the clock', async () => {
    simulateNetwork(json(200, aTicket(), { Date: 'Sun, 22 Nov 2026 12:00:00 GMT' }))
    await getTicket('x')
    expect(Math.abs(serverNow() - Date.parse('2026-11-22T12:00:00Z'))).toBeLessThan(1500)
  })

  it('with problem+json raises its code, sentence and fields', async () => {
    simulateNetwork(
      problem(400, 'The price must be at least 0.50.', { code: 'validation_failed', field: 'price' }),
    )
    const error = await createTicket({ title: 'x', price: 1 }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      status: 400,
      code: 'validation_failed',
      message: 'The price must be at least 0.50.',
    })
    expect((error as ApiError).fieldErrors).toEqual([
      { message: 'The price must be at least 0.50.', field: 'price' },
    ])
  })

  it('of a gateway without problem+json raises its status', async () => {
    simulateNetwork(json(401, { message: 'Unauthorized' }))
    await expect(getOrder('x')).rejects.toMatchObject({ status: 401, code: undefined })
  })

  it('that is missing raises a network error', async () => {
    simulateNetwork('no network')
    await expect(getTicket('x')).rejects.toBeInstanceOf(NetworkError)
  })

  it('may have no body', async () => {
    simulateNetwork(json(204))
    await expect(withdrawTicket('x')).resolves.toBeUndefined()
  })
})

describe('a request', () => {
  it('carries the idempotency key, and If-Match for an update', async () => {
    const requests = simulateNetwork(json(201, anOrder()), json(200, aTicket()))
    await placeHold({ ticketId: 't', quantity: 2, price: 4860, key: 'k-1' })
    await updateTicket('t', 3, { price: 5000 })
    expect(requests[0]?.headers.get('Idempotency-Key')).toBe('k-1')
    expect(requests[0]?.body).toEqual({ ticketId: 't', quantity: 2, price: 4860 })
    expect(requests[1]?.headers.get('If-Match')).toBe('"3"')
  })

  it('is retried while the service does not know the row yet', async () => {
    vi.useFakeTimers()
    const unknown = problem(404, 'We know no such order.', { headers: { 'Retry-After': '1' } })
    const requests = simulateNetwork(unknown, unknown, json(201, { id: 'o' }))
    const payment = startPayment('o')
    await vi.advanceTimersByTimeAsync(2500)
    await expect(payment).resolves.toMatchObject({ id: 'o' })
    expect(requests).toHaveLength(3)
    expect(requests[0]?.headers.get('Prefer')).toBe('respond-async')
    vi.useRealTimers()
  })

  it('is retried for ten seconds at most', async () => {
    vi.useFakeTimers()
    const requests = simulateNetwork(json(202, { orderId: 'o' }, { 'Retry-After': '1' }))
    const payment = startPayment('o').catch((e: unknown) => e)
    await vi.advanceTimersByTimeAsync(15_000)
    expect(await payment).toMatchObject({ status: 404 })
    expect(requests.length).toBeGreaterThan(8)
    expect(requests.length).toBeLessThan(13)
    vi.useRealTimers()
  })

  it('is not retried after the owning service’s 404', async () => {
    const requests = simulateNetwork(problem(404, 'No such ticket.', { headers: { 'Retry-After': '1' } }))
    await expect(getTicket('x')).rejects.toMatchObject({ status: 404 })
    expect(requests).toHaveLength(1)
  })

  it('is retried after a 503 only if it is idempotent', async () => {
    vi.useFakeTimers()
    const unavailable = problem(503, 'Try again.', { headers: { 'Retry-After': '1' } })
    const holds = simulateNetwork(unavailable, json(201, anOrder()))
    const hold = placeHold({ ticketId: 't', quantity: 1, price: 1, key: 'k' })
    await vi.advanceTimersByTimeAsync(1500)
    await hold
    expect(holds.map(({ headers }) => headers.get('Idempotency-Key'))).toEqual(['k', 'k'])
    const listings = simulateNetwork(unavailable)
    await expect(createTicket({ title: 'x', price: 100 })).rejects.toMatchObject({ status: 503 })
    expect(listings).toHaveLength(1)
    vi.useRealTimers()
  })
})

describe('an expired session', () => {
  it('is refreshed once, and the request is retried', async () => {
    markSignedIn()
    const requests = simulateNetwork(problem(401, 'Sign in.'), json(200, ada), json(200, anOrder()))
    await expect(getOrder('o')).resolves.toMatchObject({ status: 'pending' })
    expect(paths(requests)).toEqual(['GET /api/orders/o', 'POST /api/users/refresh', 'GET /api/orders/o'])
  })

  it('is refreshed by one request for several concurrent ones', async () => {
    markSignedIn()
    let isRefreshed = false
    const requests = simulateNetwork(({ path }) => {
      if (path.endsWith('/refresh')) isRefreshed = true
      return isRefreshed ? json(200, anOrder()) : problem(401, 'Sign in.')
    })
    await Promise.all([getOrder('1'), getOrder('2'), getOrder('3')])
    expect(paths(requests).filter((each) => each.includes('refresh'))).toHaveLength(1)
  })

  it('is not refreshed again after another tab did', async () => {
    markSignedIn()
    const requests = simulateNetwork(() => {
      localStorage.setItem('tiketz.refreshed-at', String(Date.now() + 1)) // the other tab, meanwhile
      return requests.length === 1 ? problem(401, 'Sign in.') : json(200, anOrder())
    })
    await getOrder('o')
    expect(paths(requests)).toEqual(['GET /api/orders/o', 'GET /api/orders/o'])
  })

  it('that cannot be refreshed raises 401, and is not refreshed again', async () => {
    markSignedIn()
    const requests = simulateNetwork(problem(401, 'Sign in.'))
    await expect(getOrder('o')).rejects.toMatchObject({ status: 401 })
    await expect(getOrder('o')).rejects.toMatchObject({ status: 401 })
    expect(paths(requests)).toEqual(['GET /api/orders/o', 'POST /api/users/refresh', 'GET /api/orders/o'])
  })

  it('stays signed in when the refresh gets no response', async () => {
    markSignedIn()
    simulateNetwork(problem(401, 'Sign in.'), 'no network')
    await expect(getOrder('o')).rejects.toBeInstanceOf(NetworkError)
    expect(localStorage.getItem('tiketz.signed-in')).not.toBeNull()
  })

  it('is refreshed when the page loads', async () => {
    markSignedIn()
    const requests = simulateNetwork(
      json(200, { currentUser: null }),
      json(200, ada),
      json(200, { currentUser: ada }),
    )
    await expect(getCurrentUser()).resolves.toEqual(ada)
    expect(requests).toHaveLength(3)
  })

  it('is not assumed for a visitor', async () => {
    const requests = simulateNetwork(json(200, { currentUser: null }))
    await expect(getCurrentUser()).resolves.toBeNull()
    expect(requests).toHaveLength(1)
  })

  it('is not assumed after a wrong password', async () => {
    markSignedIn()
    const requests = simulateNetwork(problem(401, 'Wrong.'))
    await expect(signIn({ email: 'a@b.c', password: 'x' })).rejects.toMatchObject({ status: 401 })
    expect(requests).toHaveLength(1)
  })
})

describe('a paged list', () => {
  it('reads the next cursor from the Link header', async () => {
    const link = '</api/tickets?sort=soonest&cursor=abc%3D&limit=24>; rel="next"'
    simulateNetwork(json(200, [aTicket()], { Link: link }))
    await expect(searchTickets({})).resolves.toMatchObject({ next: 'abc=' })
  })

  it('ends without a next link', () => {
    expect(nextCursor(null)).toBeNull()
    expect(nextCursor('</api/tickets?cursor=x>; rel="prev"')).toBeNull()
    expect(nextCursor('<https://tiketz.example/api/tickets?cursor=n>; rel=next')).toBe('n')
  })
})
