import { describe, expect, it } from 'vitest'
import { ApiError, NetworkError, toApiError } from '#api/errors.ts'
import type { ErrorCode } from '#api/types.ts'
import { unavailableReason } from '#features/checkout/hold/NotForSale.tsx'
import { reasonOf } from '#features/checkout/hold/TicketOffer.tsx'
import { aTicket } from './factories.ts'

const now = Date.parse('2026-11-22T12:00:00Z')

describe('a ticket that is not for sale', () => {
  it('has a reason', () => {
    expect(unavailableReason(aTicket(), now)).toBeNull()
    expect(unavailableReason(aTicket({ status: 'reserved' }), now)).toBe('reserved')
    expect(unavailableReason(aTicket({ status: 'sold' }), now)).toBe('sold')
    expect(unavailableReason(aTicket({ status: 'withdrawn' }), now)).toBe('withdrawn')
    expect(unavailableReason(aTicket({ startsAt: '2026-11-22T12:00:00Z' }), now)).toBe('started')
  })
})

describe('a hold that failed', () => {
  it.each<[ErrorCode, string | null]>([
    ['ticket_reserved', 'reserved'],
    ['ticket_sold', 'sold'],
    ['ticket_withdrawn', 'withdrawn'],
    ['event_started', 'started'],
    ['price_changed', null],
    ['not_enough_units', null],
    ['too_many_held', null],
  ])('is explained by its code: %s', (code, reason) => {
    expect(reasonOf(new ApiError(409, code, 'This one is sold.', []))).toBe(reason)
  })

  it('is explained by its status without a code', () => {
    const problem = (field?: string) => toApiError(409, { errors: [{ message: 'No.', field }] })
    expect(reasonOf(problem())).toBe('reserved')
    expect(reasonOf(problem('price'))).toBeNull()
    expect(reasonOf(toApiError(403, { detail: 'This ticket is yours.' }))).toBeNull()
    expect(reasonOf(new NetworkError())).toBeNull()
  })
})
