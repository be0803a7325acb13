// Dates and times: RFC 3339 UTC from the API; on the page the English of the reader’s region.
import { englishLocale } from './locale.ts'
import { memoizeFormatter } from './memoizeFormatter.ts'
import { instantsOf, knownZone, wallTime } from './zones.ts'

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

/** Whether it is a calendar day that can be searched, "2026-12-04". */
export const isDay = (text: string): boolean =>
  /^2\d{3}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00Z`).toJSON()?.startsWith(text) === true

/** The value of `<input type="datetime-local">` for a time. */
export const toDateTimeInput = (iso: string, zone?: string | null): string => wallTime(iso, zone)

/** The times in UTC that an `<input type="datetime-local">` may mean: one, except where the clocks change. */
export const fromDateTimeInput = (value: string, zone?: string | null): string[] =>
  instantsOf(value.slice(0, 16), zone)
