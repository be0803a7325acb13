import { describe, expect, it } from 'vitest'
import { count, orderCode, times } from '#format/counts.ts'
import {
  clockTime,
  dayBoundary,
  dayName,
  fromDateTimeInput,
  localDay,
  longDateTime,
  toDateTimeInput,
} from '#format/dates.ts'
import { duration, shortDuration } from '#format/duration.ts'
import { money, parseAmount, toAmountInput } from '#format/money.ts'

const plain = (text: string) => text.replace(/\s/g, ' ')

describe('money', () => {
  it('is formatted in the reader’s locale', () => {
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
  ])('parses %j', (typed, minor) => {
    expect(parseAmount(typed)).toBe(minor)
  })

  it.each(['', 'ten', '-5', '4.8.6', '1e3', '12.345.6', '48.600,1.2', 'NaN'])('rejects %j', (typed) => {
    expect(parseAmount(typed)).toBeNull()
  })

  it('survives a text field', () => {
    for (const minor of [50, 101, 4860, 9_999_999]) expect(parseAmount(toAmountInput(minor))).toBe(minor)
  })
})

describe('dates', () => {
  const at = '2026-12-04T19:00:00Z'

  it('are formatted in the reader’s locale', () => {
    expect(dayName(at, 'en-GB')).toBe('Friday 4 December')
    expect(dayName(at, 'nl-NL')).toBe('vrijdag 4 december')
    expect(longDateTime(at, 'en-GB')).toMatch(/^Friday,? 4 December 2026, \d\d:\d\d$/)
    expect(plain(longDateTime(at, 'en-US'))).toMatch(/^Friday, December 4, 2026, \d\d:\d\d [AP]M$/)
    expect(clockTime(at, 'en-GB')).toMatch(/^\d\d:\d\d$/)
  })

  it('survive a datetime field', () => {
    expect(fromDateTimeInput(toDateTimeInput(at))).toBe(at)
    expect(fromDateTimeInput('')).toBeNull()
  })

  it('give the start and end of a day in the reader’s time zone', () => {
    const start = dayBoundary('2026-12-04', 'start')
    expect(localDay(new Date(start as string))).toBe('2026-12-04')
    expect(localDay(new Date(dayBoundary('2026-12-04', 'end') as string))).toBe('2026-12-04')
    expect(dayBoundary('tomorrow', 'start')).toBeNull()
    expect(dayBoundary('2026-99-99', 'end')).toBeNull()
  })
})

describe('counts', () => {
  it('have a singular and a plural', () => {
    expect([count(1, 'ticket'), count(2, 'ticket'), count(0, 'left', 'left')]).toEqual([
      '1 ticket',
      '2 tickets',
      '0 left',
    ])
  })

  it('say how often', () => {
    expect([1, 2, 3].map(times)).toEqual(['once', 'twice', '3 times'])
  })

  it('shorten an order’s id to a code', () => {
    expect(orderCode('0f0e0d0c-1111-5222')).toBe('0F0E0D')
  })
})

describe('durations', () => {
  it('are minutes where they are whole, else seconds', () => {
    expect([900, 60, 90, 8].map(duration)).toEqual(['15 minutes', '1 minute', '90 seconds', '8 seconds'])
    expect([900, 90].map(shortDuration)).toEqual(['15 min', '90 s'])
  })
})
