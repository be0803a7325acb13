import { describe, expect, it } from 'vitest'
import {
  clearDraft,
  type Draft,
  EMPTY_DRAFT,
  readDraft,
  saveDraft,
  toDraft,
  toNewTicket,
  validateDraft,
} from '#features/selling/draft.ts'
import { describeUnits, lockReason, withdrawalBlocker } from '#features/selling/unitCounts.ts'
import { aListing, aTicket, limits } from './factories.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const valid: Draft = { ...EMPTY_DRAFT, title: 'Marble Arcade', price: '48.60' }

describe('a draft', () => {
  it('converts back to the same ticket', () => {
    const ticket = aTicket({ description: 'Standing.', quantity: 3 })
    const { title, price, currency, quantity, startsAt, venue, city, category, description } = ticket
    expect(validateDraft(toDraft(ticket), limits, now)).toEqual({})
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
      limits,
      now,
    )
    expect(Object.keys(errors)).toEqual(['title', 'price', 'quantity', 'startsAt'])
    for (const sentence of Object.values(errors)) expect(sentence).toMatch(/^[A-Z].*\.$/)
  })

  it('is limited as the API limits it', () => {
    const errors = (fields: Partial<Draft>) => validateDraft({ ...valid, ...fields }, limits, now)
    expect(errors({ price: '0.50', quantity: '10000' })).toEqual({})
    expect(errors({ price: '99999.99', quantity: '1' })).toEqual({})
    expect(errors({ price: '0.49' }).price).toMatch(/^Ask between .0\.50 and .99,999\.99\.$/)
    expect(errors({ price: '100000' }).price).toMatch(/^Ask between/)
    expect(errors({ quantity: '10001' }).quantity).toBe('Sell between 1 and 10,000.')
  })

  it('is not limited where the limits are unknown', () => {
    const errors = (fields: Partial<Draft>) => validateDraft({ ...valid, ...fields }, {}, now)
    expect(errors({ price: '0.01', quantity: '1000000' })).toEqual({})
    expect(errors({ quantity: '1.5' })).toEqual({ quantity: 'Write a whole number.' })
    expect(Object.keys(errors({ title: '', price: '' }))).toEqual(['title', 'price'])
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
