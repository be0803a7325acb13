// Dates and times: RFC 3339 UTC from the API; on the page the English of the reader’s region.
import { englishLocale } from './locale.ts'
import { memoizeFormatter } from './memoizeFormatter.ts'
import { instantsOf, knownZone, rfc3339, wallTime } from './zones.ts'

interface Reader {
  locale?: string
  now?: number
}

/** `zone` is the venue’s; without one, the reader’s. */
export type DateFormat = (iso: string, zone?: string | null, reader?: Reader) => string

const formatter = memoizeFormatter(
  (locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
)

const toFormat =
  (options: Intl.DateTimeFormatOptions): DateFormat =>
  (iso, zone, { locale } = {}) =>
    formatter(englishLocale(locale), { ...options, timeZone: knownZone(zone) }).format(new Date(iso))

/** Shows the year where it is not the present one. */
const withYear =
  (options: Intl.DateTimeFormatOptions): DateFormat =>
  (iso, zone, reader = {}) => {
    const isThisYear =
      wallTime(iso, zone).slice(0, 4) === wallTime(reader.now ?? Date.now(), zone).slice(0, 4)
    return toFormat(isThisYear ? options : { ...options, year: 'numeric' })(iso, zone, reader)
  }

/** "20:00", "8:00 PM" */
export const clockTime: DateFormat = toFormat({ timeStyle: 'short' })

/** "Friday 4 December" */
export const dayName: DateFormat = withYear({ weekday: 'long', day: 'numeric', month: 'long' })

const shortDay = withYear({ weekday: 'short', day: 'numeric', month: 'short' })
const fullDay = toFormat({ dateStyle: 'full' })

/** "Fri 4 Dec, 20:00" */
export const shortDateTime: DateFormat = (...at) => `${shortDay(...at)}, ${clockTime(...at)}`

/** "Friday 4 December 2026, 20:00" */
export const longDateTime: DateFormat = (...at) => `${fullDay(...at)}, ${clockTime(...at)}`

/** The calendar day of a time, "2026-12-04". */
export const localDay = (at: Date | string, zone?: string | null): string =>
  wallTime(at instanceof Date ? at.getTime() : at, zone).slice(0, 10)

/** The first or last second of a day in the reader’s time zone, as UTC; null for an invalid day. */
export function dayBoundary(day: string, boundary: 'start' | 'end'): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return null
  const at = new Date(`${day}T${boundary === 'start' ? '00:00:00' : '23:59:59'}`).getTime()
  return Number.isNaN(at) ? null : rfc3339(at)
}

/** The value of `<input type="datetime-local">` for a time. */
export const toDateTimeInput = (iso: string, zone?: string | null): string => wallTime(iso, zone)

/** The times in UTC that an `<input type="datetime-local">` may mean: one, except where the clocks change. */
export const fromDateTimeInput = (value: string, zone?: string | null): string[] =>
  instantsOf(value.slice(0, 16), zone)
