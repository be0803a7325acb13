// Moments and days: RFC 3339 UTC on the wire, the reader's own zone and locale on the page.
import { kept } from './kept.ts'
import { locale } from './locale.ts'

const formatter = kept(
  (where, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(where, options),
)

const format = (at: Date, options: Intl.DateTimeFormatOptions, where: string) =>
  formatter(where, options).format(at)

const CLOCK = { hour: '2-digit', minute: '2-digit' } as const
const DAY = { weekday: 'long', day: 'numeric', month: 'long' } as const

/** "Friday 4 December 2026, 20:00" */
export const moment = (iso: string, where = locale()) =>
  `${format(new Date(iso), { dateStyle: 'full' }, where)}, ${clockTime(iso, where)}`

/** "Fri 4 Dec, 20:00" */
export const shortMoment = (iso: string, where = locale()) =>
  format(new Date(iso), { weekday: 'short', day: 'numeric', month: 'short', ...CLOCK }, where)

/** "Friday 4 December" */
export const dayName = (iso: string, where = locale()) => format(new Date(iso), DAY, where)

/** "20:00" */
export const clockTime = (iso: string, where = locale()) => format(new Date(iso), CLOCK, where)

/** The reader's calendar day of a moment, "2026-12-04". */
export function localDay(at: Date): string {
  return [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
}

/** The first or last moment of the reader's calendar day, as UTC; null when it is not a day. */
export function edgeOfDay(day: string, edge: 'start' | 'end'): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return null
  const at = new Date(`${day}T${edge === 'start' ? '00:00:00' : '23:59:59'}`)
  return Number.isNaN(at.getTime()) ? null : rfc3339(at)
}

export const rfc3339 = (at: Date): string => at.toISOString().replace('.000Z', 'Z')

/** What `<input type="datetime-local">` holds for a moment, and back. */
export const typedMoment = (iso: string): string => {
  const at = new Date(iso)
  return `${localDay(at)}T${two(at.getHours())}:${two(at.getMinutes())}`
}

export function momentTyped(value: string): string | null {
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? null : rfc3339(at)
}

const two = (n: number): string => String(n).padStart(2, '0')
