import { describe, expect, it } from 'vitest'
import {
  type Draft,
  emptyDraft,
  readStart,
  toDraft,
  toNewTicket,
  validateDraft,
} from '#features/selling/draft.ts'
import { clearDraft, readDraft, saveDraft } from '#features/selling/draftStorage.ts'
import { describeUnits, lockReason, withdrawalBlocker } from '#features/selling/unitCounts.ts'
import { aListing, aTicket, limits } from './factories.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const valid: Draft = { ...emptyDraft(), title: 'Marble Arcade', price: '48.60' }

describe('a draft', () => {
  it('converts back to the same ticket', () => {
    const ticket = aTicket({ description: 'Standing.', quantity: 3, timeZone: 'Asia/Tokyo' })
    const { title, price, currency, quantity, startsAt, timeZone, venue, city, category, description } =
      ticket
    expect(validateDraft(toDraft(ticket), limits, now)).toEqual({})
    expect(toNewTicket(toDraft(ticket))).toEqual({
      title,
      price,
      currency,
      quantity,
      startsAt,
      timeZone,
      venue,
      city,
      category,
      description,
    })
  })

  it('has one error sentence per invalid field', () => {
    const errors = validateDraft(
      { ...emptyDraft(), price: '0.49', quantity: '0', startsAt: '2020-01-01T20:00' },
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
    expect(toNewTicket({ ...emptyDraft(), title: ' x ', price: '5' })).toMatchObject({
      title: 'x',
      venue: null,
      startsAt: null,
    })
  })

  it('asks about a price that may be two', () => {
    const { price } = validateDraft({ ...valid, price: '12.500' }, limits, now)
    expect(price).toBe('Is it €12.50 or €12,500.00? Choose, or write it with two decimals.')
  })

  describe('with a time', () => {
    const start = (startsAt: string, timeZone: string, occurrence = '') => ({
      ...valid,
      startsAt,
      timeZone,
      occurrence,
    })
    const error = (draft: Draft) => validateDraft(draft, limits, now).startsAt

    it('takes that of the venue', () => {
      expect(toNewTicket(start('2026-12-04T20:30', 'Europe/Amsterdam')).startsAt).toBe('2026-12-04T19:30:00Z')
      expect(toNewTicket(start('2026-12-04T20:30', 'Asia/Tokyo'))).toMatchObject({
        startsAt: '2026-12-04T11:30:00Z',
        timeZone: 'Asia/Tokyo',
      })
    })

    it('that the clocks skip has an error', () => {
      expect(error(start('2027-03-28T02:30', 'Europe/Amsterdam'))).toBe(
        'The clocks in Amsterdam skip that hour. Pick another time.',
      )
      expect(error(start('2027-03-28T02:30', 'Asia/Tokyo'))).toBeUndefined()
    })

    it('that the clocks repeat asks which', () => {
      const repeated = start('2027-10-31T02:30', 'Europe/Amsterdam')
      expect(readStart(repeated)).toEqual({
        kind: 'repeated',
        times: ['2027-10-31T00:30:00Z', '2027-10-31T01:30:00Z'],
      })
      expect(error(repeated)).toMatch(/go back then/)
      const second = { ...repeated, occurrence: '2' }
      expect(error(second)).toBeUndefined()
      expect(toNewTicket(second).startsAt).toBe('2027-10-31T01:30:00Z')
      const listed = aTicket({ startsAt: '2027-10-31T01:30:00Z', timeZone: 'Europe/Amsterdam' })
      expect(toDraft(listed)).toMatchObject({ startsAt: '2027-10-31T02:30', occurrence: '2' })
    })

    it('is within ten years', () => {
      expect(error(start('2036-11-21T12:00', 'UTC'))).toBeUndefined()
      expect(error(start('2036-11-23T12:00', 'UTC'))).toBe('Pick a date within the next ten years.')
      expect(error(start('9999-01-01T12:00', 'UTC'))).toBe('Pick a date within the next ten years.')
    })
  })

  it('is kept for the listing’s version that it changes', () => {
    saveDraft('marble-arcade', valid, 3)
    expect(readDraft('marble-arcade', 3)).toEqual(valid)
    expect(readDraft('marble-arcade', 4)).toBeNull()
    sessionStorage.setItem('tiketz.draft.new', JSON.stringify(valid)) // as an earlier client stored it
    expect(readDraft('new')).toBeNull()
  })

  it('is stored and cleared', () => {
    saveDraft('new', { ...emptyDraft(), title: 'Marble Arcade' })
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
