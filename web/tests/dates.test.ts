import { describe, expect, it } from 'vitest'
import { clockTime, dayName, isDay, localDay, longDateTime, shortDateTime } from '#format/dates.ts'
import { englishLocale } from '#format/locale.ts'
import { cityOf, instantsOf, knownZone, offsetName, readerZone, wallTime, zoneNote } from '#format/zones.ts'

const at = '2026-12-04T19:00:00Z'
const AMSTERDAM = 'Europe/Amsterdam'
const now = Date.parse('2026-11-28T12:00:00Z')
const plain = (text: string) => text.replace(/\s/g, ' ')
const inLocale = (locale: string) => ({ locale, now })

describe('dates', () => {
  it('are in English, with the habits of the reader’s region', () => {
    expect(dayName(at, AMSTERDAM, inLocale('en-GB'))).toMatch(/^Friday,? 4 December$/)
    expect(dayName(at, AMSTERDAM, inLocale('nl-NL'))).toMatch(/^Friday,? 4 December$/)
    expect(longDateTime(at, AMSTERDAM, inLocale('fr-FR'))).toBe('Friday, 4 December 2026, 20:00')
    expect(plain(longDateTime(at, AMSTERDAM, inLocale('en-US')))).toBe('Friday, December 4, 2026, 8:00 PM')
    expect(shortDateTime(at, AMSTERDAM, inLocale('ja-JP'))).toBe('Fri, Dec 4, 20:00')
    for (const locale of ['ar-EG', 'fa-IR', 'th-TH', 'zh-TW', 'he-IL', 'bg-BG', 'pt-BR', 'ko-KR'])
      expect(longDateTime(at, AMSTERDAM, inLocale(locale)), locale).toMatch(/^[ -~\u202f]+$/)
  })

  it.each([
    ['en-US', '8:00 PM', '7:05 AM'],
    ['en-GB', '20:00', '07:05'],
    ['nl-NL', '20:00', '07:05'],
    ['en-AU', '8:00 pm', '7:05 am'],
    ['pt-BR', '20:00', '07:05'],
    ['ja-JP', '20:00', '7:05'],
  ])('have the times of %s', (locale, evening, morning) => {
    expect(plain(clockTime(at, AMSTERDAM, { locale }))).toBe(evening)
    expect(plain(clockTime('2026-12-04T06:05:00Z', AMSTERDAM, { locale }))).toBe(morning)
  })

  it('keep a clock that the reader chose', () => {
    expect(englishLocale('en-US-u-hc-h23')).toBe('en-US-u-hc-h23')
    expect(clockTime(at, AMSTERDAM, { locale: 'en-US-u-hc-h23' })).toBe('20:00')
  })

  it('show a year that is not this one, by the calendar of the venue', () => {
    const newYear = '2026-12-31T20:00:00Z' // in Tokyo it is 2027 already
    expect(shortDateTime(newYear, AMSTERDAM, inLocale('en-GB'))).toBe('Thu 31 Dec, 21:00')
    expect(shortDateTime(newYear, 'Asia/Tokyo', inLocale('en-GB'))).toBe('Fri, 1 Jan 2027, 05:00')
    expect(dayName(newYear, 'Asia/Tokyo', inLocale('en-GB'))).toContain('2027')
  })

  it('have the day of the venue', () => {
    expect(localDay('2026-12-04T23:30:00Z', AMSTERDAM)).toBe('2026-12-05')
    expect(localDay('2026-12-04T23:30:00Z', 'America/New_York')).toBe('2026-12-04')
  })

  it('are calendar days where they can be searched', () => {
    expect(isDay('2026-12-04')).toBe(true)
    for (const text of ['', 'tomorrow', '2026-99-99', '2026-02-30', '20265-12-04'])
      expect(isDay(text)).toBe(false)
  })
})

describe('a local time', () => {
  it.each([AMSTERDAM, 'Asia/Tokyo', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'])(
    'of %s is one time in UTC, and back',
    (zone) => {
      for (const iso of [at, '2026-07-04T19:00:00Z', '2027-03-28T12:00:00Z'])
        expect(instantsOf(wallTime(iso, zone), zone)).toEqual([iso])
    },
  )

  it.each([
    [AMSTERDAM, '2027-03-28T02:30'],
    ['America/New_York', '2027-03-14T02:00'],
    ['Australia/Lord_Howe', '2026-10-04T02:15'], // half an hour
  ])('of %s that the clocks skip is none', (zone, wall) => {
    expect(instantsOf(wall, zone)).toEqual([])
  })

  it.each([
    [AMSTERDAM, '2026-10-25T02:30', ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'], ['UTC+2', 'UTC+1']],
    [
      'America/New_York',
      '2026-11-01T01:00',
      ['2026-11-01T05:00:00Z', '2026-11-01T06:00:00Z'],
      ['UTC−4', 'UTC−5'],
    ],
    [
      'Australia/Lord_Howe',
      '2027-04-04T01:45',
      ['2027-04-03T14:45:00Z', '2027-04-03T15:15:00Z'],
      ['UTC+11', 'UTC+10:30'],
    ],
  ])('of %s that the clocks repeat is two', (zone, wall, times, offsets) => {
    expect(instantsOf(wall, zone)).toEqual(times)
    expect(times.map((iso) => offsetName(iso, zone))).toEqual(offsets)
  })

  it('that is incomplete is none', () => {
    expect(['', '2026-12-04', '2026-13-40T25:00'].map((wall) => instantsOf(wall, 'UTC').length)).toEqual([
      0, 0, 0,
    ])
  })
})

describe('a time zone', () => {
  it('is named where the reader’s clock shows another time', () => {
    const here = readerZone()
    const away = here === 'Asia/Tokyo' ? 'America/New_York' : 'Asia/Tokyo'
    expect(zoneNote(at, here)).toBeNull()
    expect(zoneNote(at, null)).toBeNull()
    expect(zoneNote(at, away)).toBe(`${cityOf(away)} time`)
  })

  it('has a city', () => {
    expect(['America/Argentina/Buenos_Aires', AMSTERDAM, 'UTC'].map(cityOf)).toEqual([
      'Buenos Aires',
      'Amsterdam',
      'UTC',
    ])
  })

  it('that this browser does not know is the reader’s', () => {
    expect(knownZone('Europe/Atlantis')).toBe(readerZone())
    expect(wallTime(at, 'Europe/Atlantis')).toBe(wallTime(at))
  })
})
