// The search filters, stored in the address only.
import type { Limits } from '#api/config.ts'
import type { Currency, TicketQuery } from '#api/types.ts'
import { parseAmount } from '#format/amounts.ts'
import { isDay, localDay } from '#format/dates.ts'
import { SYMBOLS } from '#format/money.ts'

export const SORTS = { soonest: 'Soonest first', newest: 'Newest first', cheapest: 'Cheapest first' } as const
const NAMES = ['q', 'city', 'category', 'from', 'to', 'max', 'currency', 'sort'] as const
export const DEFAULT_CURRENCY: Currency = 'eur'

export type Sort = keyof typeof SORTS
export type Filters = { [name in (typeof NAMES)[number]]: string }

export function parseFilters(address: URLSearchParams): Filters {
  const entries = NAMES.map((name) => [name, address.get(name)?.trim() ?? ''])
  const filters = Object.fromEntries(entries) as Filters
  const sort = filters.sort in SORTS ? filters.sort : 'soonest'
  return { ...filters, sort, currency: currencyOf({ ...filters, sort }) }
}

/** Prices are compared within one currency: the chosen one, or euros. Empty where none is compared. */
function currencyOf({ currency, max, sort }: Filters): string {
  if (currency in SYMBOLS) return currency
  return parseAmount(max) !== null || sort === 'cheapest' ? DEFAULT_CURRENCY : ''
}

/** The query string of the filters, without empty and default values. */
export function toSearchParams(filters: Filters): URLSearchParams {
  const address = new URLSearchParams()
  for (const name of NAMES) {
    const value = filters[name].trim()
    const implied = name === 'currency' ? currencyOf({ ...filters, currency: '' }) : 'soonest'
    if (value && !(['sort', 'currency'].includes(name) && value === implied)) address.set(name, value)
  }
  return address
}

export type FilterErrors = { [name in 'from' | 'to']?: string }

/** Sentences for the dates that leave nothing to search. */
export function filterErrors({ from, to }: Filters, today = new Date()): FilterErrors {
  if (!isDay(to)) return {}
  if (to < localDay(today)) return { to: 'That day is over.' }
  if (!isDay(from) || from <= to) return {}
  return { from: 'This is later than “Until”.', to: 'This is earlier than “From”.' }
}

/** The highest price as the address has it: "60" or "12.50". */
export const toMax = (minor: number): string =>
  minor % 100 === 0 ? String(minor / 100) : (minor / 100).toFixed(2)

/** The API's query: days are those at the venues, amounts in minor units; without invalid values. */
export function toTicketQuery(filters: Filters, limits: Partial<Limits>, today = new Date()): TicketQuery {
  const toDate = isDay(filters.to) && filters.to
  // "From today" alone is what the API does anyway, and it keeps tickets without a date.
  const fromDate = isDay(filters.from) && (toDate || filters.from > localDay(today)) && filters.from
  const maxPrice = parseAmount(filters.max)
  return {
    sort: filters.sort as Sort,
    ...(filters.q && { q: filters.q.slice(0, limits.search?.maxLength) }),
    ...(filters.city && { city: filters.city.slice(0, limits.city?.maxLength) }),
    ...(filters.category && { category: filters.category.slice(0, limits.category?.maxLength) }),
    ...(fromDate && { fromDate }),
    ...(toDate && { toDate }),
    ...(filters.currency in SYMBOLS && { currency: filters.currency as Currency }),
    ...(maxPrice !== null && { maxPrice }),
  }
}

export const hasFilters = (filters: Filters): boolean =>
  toSearchParams({ ...filters, sort: 'soonest', currency: filters.max && filters.currency }).size > 0

interface Nearby {
  title: string
  filters: Filters
}

/** The same search without one of its filters each, the dates first. */
export function nearbyFilters(filters: Filters): Nearby[] {
  const without: [title: string, cleared: Partial<Filters>][] = [
    ['On other dates', { from: '', to: '' }],
    ['In other cities', { city: '' }],
    ['At other prices', { max: '', currency: '' }],
    ['In other categories', { category: '' }],
  ]
  return without
    .filter(([, cleared]) => (Object.keys(cleared) as (keyof Filters)[]).some((name) => filters[name]))
    .map(([title, cleared]) => ({ title, filters: { ...filters, ...cleared } }))
}

export function tonight(today = new Date()): Pick<Filters, 'from' | 'to'> {
  return { from: localDay(today), to: localDay(today) }
}

/** The coming (or current) Friday to Sunday. */
export function thisWeekend(today = new Date()): Pick<Filters, 'from' | 'to'> {
  const weekday = today.getDay() || 7 // Monday 1 … Sunday 7
  const friday = weekday >= 5 ? today : addDays(today, 5 - weekday)
  return { from: localDay(friday), to: localDay(addDays(today, 7 - weekday)) }
}

function addDays(from: Date, days: number): Date {
  return new Date(from.getFullYear(), from.getMonth(), from.getDate() + days)
}
