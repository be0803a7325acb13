// Dates and times: RFC 3339 UTC from the API, the reader’s time zone and locale on the page.
import { readerLocale } from './locale.ts'
import { memoizeFormatter } from './memoizeFormatter.ts'

const formatter = memoizeFormatter(
  (locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
)

const format = (at: Date, options: Intl.DateTimeFormatOptions, locale: string) =>
  formatter(locale, options).format(at)

const CLOCK = { hour: '2-digit', minute: '2-digit' } as const
const DAY = { weekday: 'long', day: 'numeric', month: 'long' } as const

/** "Friday 4 December 2026, 20:00" */
export const longDateTime = (iso: string, locale = readerLocale()) =>
  `${format(new Date(iso), { dateStyle: 'full' }, locale)}, ${clockTime(iso, locale)}`

/** "Fri 4 Dec, 20:00" */
export const shortDateTime = (iso: string, locale = readerLocale()) =>
  format(new Date(iso), { weekday: 'short', day: 'numeric', month: 'short', ...CLOCK }, locale)

/** "Friday 4 December" */
export const dayName = (iso: string, locale = readerLocale()) => format(new Date(iso), DAY, locale)

/** "20:00" */
export const clockTime = (iso: string, locale = readerLocale()) => format(new Date(iso), CLOCK, locale)

/** The calendar day of a time in the reader's time zone, "2026-12-04". */
export function localDay(at: Date): string {
  return [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join('-')
}

/** The first or last second of a day in the reader's time zone, as UTC; null for an invalid day. */
export function dayBoundary(day: string, boundary: 'start' | 'end'): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return null
  const at = new Date(`${day}T${boundary === 'start' ? '00:00:00' : '23:59:59'}`)
  return Number.isNaN(at.getTime()) ? null : rfc3339(at)
}

export const rfc3339 = (at: Date): string => at.toISOString().replace('.000Z', 'Z')

/** The value of `<input type="datetime-local">` for a time. */
export const toDateTimeInput = (iso: string): string => {
  const at = new Date(iso)
  return `${localDay(at)}T${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`
}

/** The time in an `<input type="datetime-local">`, as UTC; null when it is incomplete. */
export function fromDateTimeInput(value: string): string | null {
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? null : rfc3339(at)
}

const twoDigits = (n: number): string => String(n).padStart(2, '0')
