import { describe, expect, it } from 'vitest'
import { count, orderCode } from '../src/format/counts.ts'
import {
  clockTime,
  dayName,
  edgeOfDay,
  localDay,
  moment,
  momentTyped,
  typedMoment,
} from '../src/format/dates.ts'
import { minorUnits, money, typedAmount } from '../src/format/money.ts'

const plain = (text: string) => text.replace(/\s/g, ' ')

describe('money', () => {
  it('is written as the reader writes it', () => {
    expect(plain(money(4860, 'eur', 'en-GB'))).toBe('€48.60')
    expect(plain(money(4860, 'eur', 'nl-NL'))).toBe('€ 48,60')
    expect(plain(money(4860, 'eur', 'de-DE'))).toBe('48,60 €')
    expect(plain(money(9_999_999, 'usd', 'en-US'))).toBe('$99,999.99')
    expect(plain(money(50, 'gbp', 'en-GB'))).toBe('£0.50')
  })

  it.each([
    ['48.60', 4860],
    ['48,6', 4860],
    ['€ 48', 4800],
    ['1.250', 125000],
    ['1,250.50', 125050],
    ['1.250,50', 125050],
    ['0.5', 50],
    [' 12 ', 1200],
  ])('reads %j', (typed, minor) => {
    expect(minorUnits(typed)).toBe(minor)
  })

  it.each(['', 'ten', '-5', '4.8.6', '1e3', '12.345.6', '48.600,1.2', 'NaN'])(
    'does not guess at %j',
    (typed) => {
      expect(minorUnits(typed)).toBeNull()
    },
  )

  it('comes back from a field as it went in', () => {
    for (const minor of [50, 101, 4860, 9_999_999]) expect(minorUnits(typedAmount(minor))).toBe(minor)
  })
})

describe('dates', () => {
  const at = '2026-12-04T19:00:00Z'

  it('are the reader’s own, in two locales', () => {
    expect(dayName(at, 'en-GB')).toBe('Friday 4 December')
    expect(dayName(at, 'nl-NL')).toBe('vrijdag 4 december')
    expect(moment(at, 'en-GB')).toMatch(/^Friday,? 4 December 2026, \d\d:\d\d$/)
    expect(plain(moment(at, 'en-US'))).toMatch(/^Friday, December 4, 2026, \d\d:\d\d [AP]M$/)
    expect(clockTime(at, 'en-GB')).toMatch(/^\d\d:\d\d$/)
  })

  it('survive a datetime field', () => {
    expect(momentTyped(typedMoment(at))).toBe(at)
    expect(momentTyped('')).toBeNull()
  })

  it('turn a day into its two ends in the reader’s zone', () => {
    const start = edgeOfDay('2026-12-04', 'start')
    expect(localDay(new Date(start as string))).toBe('2026-12-04')
    expect(localDay(new Date(edgeOfDay('2026-12-04', 'end') as string))).toBe('2026-12-04')
    expect(edgeOfDay('tomorrow', 'start')).toBeNull()
    expect(edgeOfDay('2026-99-99', 'end')).toBeNull()
  })
})

describe('words for numbers', () => {
  it('count one and many', () => {
    expect([count(1, 'ticket'), count(2, 'ticket'), count(0, 'left', 'left')]).toEqual([
      '1 ticket',
      '2 tickets',
      '0 left',
    ])
  })

  it('give an order a code short enough to read out', () => {
    expect(orderCode('0f0e0d0c-1111-5222')).toBe('0F0E0D')
  })
})
