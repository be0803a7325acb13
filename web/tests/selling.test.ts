import { describe, expect, it } from 'vitest'
import { check, draftOf, dropDraft, EMPTY, keepDraft, keptDraft, ticketOf } from '../src/selling/draft.ts'
import { whereabouts, whyLocked, whyNotWithdraw } from '../src/selling/stock.ts'
import { aListing, aTicket } from './things.ts'

const now = Date.parse('2026-11-22T12:00:00Z')

describe('a draft', () => {
  it('comes back from the form as it went in', () => {
    const ticket = aTicket({ description: 'Standing.', quantity: 3 })
    const { title, price, currency, quantity, startsAt, venue, city, category, description } = ticket
    expect(check(draftOf(ticket), now)).toEqual({})
    expect(ticketOf(draftOf(ticket))).toEqual({
      title,
      price,
      currency,
      quantity,
      startsAt,
      venue,
      city,
      category,
      description,
    })
  })

  it('complains field by field, in sentences', () => {
    const wrong = check({ ...EMPTY, price: '0.49', quantity: '0', startsAt: '2020-01-01T20:00' }, now)
    expect(Object.keys(wrong)).toEqual(['title', 'price', 'quantity', 'startsAt'])
    for (const sentence of Object.values(wrong)) expect(sentence).toMatch(/^[A-Z].*\.$/)
  })

  it('clears what was emptied', () => {
    expect(ticketOf({ ...EMPTY, title: ' x ', price: '5' })).toMatchObject({
      title: 'x',
      venue: null,
      startsAt: null,
    })
  })

  it('is kept over a sign-in, then dropped', () => {
    keepDraft('new', { ...EMPTY, title: 'Marble Arcade' })
    expect(keptDraft('new')?.title).toBe('Marble Arcade')
    dropDraft('new')
    expect(keptDraft('new')).toBeNull()
  })
})

describe('a listing', () => {
  it('says where its units are', () => {
    expect(whereabouts(aTicket({ quantity: 5, available: 5 }))).toBe('5 left')
    expect(whereabouts(aTicket({ available: 0, status: 'reserved' }))).toBe('1 reserved')
    expect(whereabouts(aTicket({ available: 0, status: 'sold' }))).toBe('1 sold')
    expect(whereabouts(aTicket({ quantity: 5, available: 2 }))).toBe('3 reserved or sold, 2 left')
    expect(whereabouts(aListing({ quantity: 6, available: 3, reserved: 1, sold: 2 }))).toBe(
      '1 reserved, 2 sold, 3 left',
    )
    expect(whereabouts(aListing({ quantity: 2, available: 0, reserved: 1, sold: 1 }))).toBe(
      '1 reserved, 1 sold',
    )
  })

  it('is locked with a reason, and only with one', () => {
    expect(whyLocked(aTicket())).toBeNull()
    expect(whyLocked(aTicket({ status: 'reserved' }))).toMatch(/Somebody is paying/)
    expect(whyLocked(aTicket({ status: 'sold' }))).toMatch(/sold/)
    expect(whyNotWithdraw(aTicket())).toBeNull()
    expect(whyNotWithdraw(aTicket({ quantity: 3, available: 2 }))).toMatch(/^1 ticket is reserved or sold/)
  })
})
