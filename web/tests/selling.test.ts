import { describe, expect, it } from 'vitest'
import {
  clearDraft,
  EMPTY_DRAFT,
  readDraft,
  saveDraft,
  toDraft,
  toNewTicket,
  validateDraft,
} from '#features/selling/draft.ts'
import { describeUnits, lockReason, withdrawalBlocker } from '#features/selling/unitCounts.ts'
import { aListing, aTicket } from './factories.ts'

const now = Date.parse('2026-11-22T12:00:00Z')

describe('a draft', () => {
  it('converts back to the same ticket', () => {
    const ticket = aTicket({ description: 'Standing.', quantity: 3 })
    const { title, price, currency, quantity, startsAt, venue, city, category, description } = ticket
    expect(validateDraft(toDraft(ticket), now)).toEqual({})
    expect(toNewTicket(toDraft(ticket))).toEqual({
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

  it('has one error sentence per invalid field', () => {
    const errors = validateDraft(
      { ...EMPTY_DRAFT, price: '0.49', quantity: '0', startsAt: '2020-01-01T20:00' },
      now,
    )
    expect(Object.keys(errors)).toEqual(['title', 'price', 'quantity', 'startsAt'])
    for (const sentence of Object.values(errors)) expect(sentence).toMatch(/^[A-Z].*\.$/)
  })

  it('sends empty fields as null', () => {
    expect(toNewTicket({ ...EMPTY_DRAFT, title: ' x ', price: '5' })).toMatchObject({
      title: 'x',
      venue: null,
      startsAt: null,
    })
  })

  it('is stored and cleared', () => {
    saveDraft('new', { ...EMPTY_DRAFT, title: 'Marble Arcade' })
    expect(readDraft('new')?.title).toBe('Marble Arcade')
    clearDraft('new')
    expect(readDraft('new')).toBeNull()
  })
})

describe('a listing', () => {
  it('shows how many units are reserved, sold and left', () => {
    expect(describeUnits(aTicket({ quantity: 5, available: 5 }))).toBe('5 left')
    expect(describeUnits(aTicket({ available: 0, status: 'reserved' }))).toBe('1 reserved')
    expect(describeUnits(aTicket({ available: 0, status: 'sold' }))).toBe('1 sold')
    expect(describeUnits(aTicket({ quantity: 5, available: 2 }))).toBe('3 reserved or sold, 2 left')
    expect(describeUnits(aListing({ quantity: 6, available: 3, reserved: 1, sold: 2 }))).toBe(
      '1 reserved, 2 sold, 3 left',
    )
    expect(describeUnits(aListing({ quantity: 2, available: 0, reserved: 1, sold: 1 }))).toBe(
      '1 reserved, 1 sold',
    )
  })

  it('is locked for a reason', () => {
    expect(lockReason(aTicket())).toBeNull()
    expect(lockReason(aTicket({ status: 'reserved' }))).toMatch(/Somebody is paying/)
    expect(lockReason(aTicket({ status: 'sold' }))).toMatch(/sold/)
    expect(withdrawalBlocker(aTicket())).toBeNull()
    expect(withdrawalBlocker(aTicket({ quantity: 3, available: 2 }))).toMatch(/^1 ticket is reserved or sold/)
  })
})
