import { describe, expect, it, vi } from 'vitest'
import { serverNow } from '../src/api/clock.ts'
import { Refusal, Unreachable } from '../src/api/errors.ts'
import { nextCursor } from '../src/api/list.ts'
import { placeHold, readOrder } from '../src/api/orders.ts'
import { startPayment } from '../src/api/payments.ts'
import { rememberSession } from '../src/api/refresh.ts'
import { changeTicket, findTickets, listTicket, readTicket, withdrawTicket } from '../src/api/tickets.ts'
import { signIn, whoIsHere } from '../src/api/users.ts'
import { anOrder, aTicket } from './things.ts'
import { answer, network, refusal } from './world.ts'

const ada = { id: 'ada', email: 'ada@example.com' }
const paths = (asked: { method: string; path: string }[]) =>
  asked.map(({ method, path }) => `${method} ${path}`)

describe('an answer', () => {
  it('sets the clock', async () => {
    network(answer(200, aTicket(), { Date: 'Sun, 22 Nov 2026 12:00:00 GMT' }))
    await readTicket('x')
    expect(Math.abs(serverNow() - Date.parse('2026-11-22T12:00:00Z'))).toBeLessThan(1500)
  })

  it('that refuses is raised with its sentence and its fields', async () => {
    network(refusal(400, 'The price must be at least 0.50.', 'price'))
    const error = await listTicket({ title: 'x', price: 1 }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(Refusal)
    expect(error).toMatchObject({ status: 400, message: 'The price must be at least 0.50.' })
    expect((error as Refusal).complaints).toEqual([
      { message: 'The price must be at least 0.50.', field: 'price' },
    ])
  })

  it('of a gateway that knows no problem+json is judged by its status', async () => {
    network(answer(401, { message: 'Unauthorized' }))
    await expect(readOrder('x')).rejects.toMatchObject({ status: 401 })
  })

  it('that never comes is no refusal', async () => {
    network('no network')
    await expect(readTicket('x')).rejects.toBeInstanceOf(Unreachable)
  })

  it('without a body is fine', async () => {
    network(answer(204))
    await expect(withdrawTicket('x')).resolves.toBeUndefined()
  })
})

describe('a request', () => {
  it('carries the decision’s key, and If-Match for a change', async () => {
    const asked = network(answer(201, anOrder()), answer(200, aTicket()))
    await placeHold({ ticketId: 't', quantity: 2, price: 4860, key: 'k-1' })
    await changeTicket('t', 3, { price: 5000 })
    expect(asked[0]?.headers.get('Idempotency-Key')).toBe('k-1')
    expect(asked[0]?.body).toEqual({ ticketId: 't', quantity: 2, price: 4860 })
    expect(asked[1]?.headers.get('If-Match')).toBe('"3"')
  })

  it('waits for a service that has not heard of the row yet', async () => {
    vi.useFakeTimers()
    const notYet = refusal(404, 'We know no such order.', undefined, { 'Retry-After': '1' })
    const asked = network(notYet, notYet, answer(201, { id: 'o' }))
    const paying = startPayment('o')
    await vi.advanceTimersByTimeAsync(2500)
    await expect(paying).resolves.toMatchObject({ id: 'o' })
    expect(asked).toHaveLength(3)
    vi.useRealTimers()
  })

  it('stops waiting after ten seconds', async () => {
    vi.useFakeTimers()
    const asked = network(refusal(404, 'We know no such order.', undefined, { 'Retry-After': '1' }))
    const paying = startPayment('o').catch((e: unknown) => e)
    await vi.advanceTimersByTimeAsync(15_000)
    expect(await paying).toMatchObject({ status: 404 })
    expect(asked.length).toBeGreaterThan(8)
    expect(asked.length).toBeLessThan(13)
    vi.useRealTimers()
  })

  it('takes the owner’s own 404 as final', async () => {
    const asked = network(refusal(404, 'No such ticket.', undefined, { 'Retry-After': '1' }))
    await expect(readTicket('x')).rejects.toMatchObject({ status: 404 })
    expect(asked).toHaveLength(1)
  })

  it('repeats after a 503 only what may be done twice', async () => {
    vi.useFakeTimers()
    const busy = refusal(503, 'Try again.', undefined, { 'Retry-After': '1' })
    const holds = network(busy, answer(201, anOrder()))
    const holding = placeHold({ ticketId: 't', quantity: 1, price: 1, key: 'k' })
    await vi.advanceTimersByTimeAsync(1500)
    await holding
    expect(holds.map(({ headers }) => headers.get('Idempotency-Key'))).toEqual(['k', 'k'])
    const listings = network(busy)
    await expect(listTicket({ title: 'x', price: 100 })).rejects.toMatchObject({ status: 503 })
    expect(listings).toHaveLength(1)
    vi.useRealTimers()
  })
})

describe('the session', () => {
  it('renews itself once and asks again', async () => {
    rememberSession()
    const asked = network(refusal(401, 'Sign in.'), answer(200, ada), answer(200, anOrder()))
    await expect(readOrder('o')).resolves.toMatchObject({ status: 'pending' })
    expect(paths(asked)).toEqual(['GET /api/orders/o', 'POST /api/users/refresh', 'GET /api/orders/o'])
  })

  it('is renewed by one request however many need it', async () => {
    rememberSession()
    let renewed = false
    const asked = network(({ path }) => {
      if (path.endsWith('/refresh')) renewed = true
      return renewed ? answer(200, anOrder()) : refusal(401, 'Sign in.')
    })
    await Promise.all([readOrder('1'), readOrder('2'), readOrder('3')])
    expect(paths(asked).filter((each) => each.includes('refresh'))).toHaveLength(1)
  })

  it('was renewed by another tab: no need to do it again', async () => {
    rememberSession()
    const asked = network(() => {
      localStorage.setItem('tiketz.refreshed-at', String(Date.now() + 1)) // the other tab, meanwhile
      return asked.length === 1 ? refusal(401, 'Sign in.') : answer(200, anOrder())
    })
    await readOrder('o')
    expect(paths(asked)).toEqual(['GET /api/orders/o', 'GET /api/orders/o'])
  })

  it('that is over is over: the 401 stands and nobody asks for a refresh again', async () => {
    rememberSession()
    const asked = network(refusal(401, 'Sign in.'))
    await expect(readOrder('o')).rejects.toMatchObject({ status: 401 })
    await expect(readOrder('o')).rejects.toMatchObject({ status: 401 })
    expect(paths(asked)).toEqual(['GET /api/orders/o', 'POST /api/users/refresh', 'GET /api/orders/o'])
  })

  it('is not guessed at: a lost refresh is no sign-out', async () => {
    rememberSession()
    network(refusal(401, 'Sign in.'), 'no network')
    await expect(readOrder('o')).rejects.toBeInstanceOf(Unreachable)
    expect(localStorage.getItem('tiketz.signed-in')).not.toBeNull()
  })

  it('survives a reload after the fifteen minutes', async () => {
    rememberSession()
    const asked = network(
      answer(200, { currentUser: null }),
      answer(200, ada),
      answer(200, { currentUser: ada }),
    )
    await expect(whoIsHere()).resolves.toEqual(ada)
    expect(asked).toHaveLength(3)
  })

  it('of a visitor is not refreshed', async () => {
    const asked = network(answer(200, { currentUser: null }))
    await expect(whoIsHere()).resolves.toBeNull()
    expect(asked).toHaveLength(1)
  })

  it('does not follow a wrong password', async () => {
    rememberSession()
    const asked = network(refusal(401, 'Wrong.'))
    await expect(signIn({ email: 'a@b.c', password: 'x' })).rejects.toMatchObject({ status: 401 })
    expect(asked).toHaveLength(1)
  })
})

describe('an endless list', () => {
  it('follows the Link header', async () => {
    const link = '</api/tickets?sort=soonest&cursor=abc%3D&limit=24>; rel="next"'
    network(answer(200, [aTicket()], { Link: link }))
    await expect(findTickets({})).resolves.toMatchObject({ next: 'abc=' })
  })

  it('ends without one', () => {
    expect(nextCursor(null)).toBeNull()
    expect(nextCursor('</api/tickets?cursor=x>; rel="prev"')).toBeNull()
    expect(nextCursor('<https://tiketz.example/api/tickets?cursor=n>; rel=next')).toBe('n')
  })
})
