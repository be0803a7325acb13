// What somebody is looking for, as it stands in the address; the address is the only place it is kept.
import type { TicketQuery } from '../api/types.ts'
import { edgeOfDay, localDay } from '../format/dates.ts'
import { minorUnits } from '../format/money.ts'

export const SORTS = { soonest: 'Soonest first', newest: 'Newest first', cheapest: 'Cheapest first' } as const
export const CATEGORIES = ['Music', 'Sport', 'Theatre', 'Comedy', 'Festival', 'Other']
const NAMES = ['q', 'city', 'category', 'from', 'to', 'max', 'sort'] as const

export type Sort = keyof typeof SORTS
export type Filters = { [name in (typeof NAMES)[number]]: string }

export function filtersIn(address: URLSearchParams): Filters {
  const entries = NAMES.map((name) => [name, address.get(name)?.trim() ?? ''])
  const filters = Object.fromEntries(entries) as Filters
  return { ...filters, sort: filters.sort in SORTS ? filters.sort : 'soonest' }
}

/** The address of these filters: what is empty or default is left out. */
export function addressOf(filters: Filters): URLSearchParams {
  const address = new URLSearchParams()
  for (const name of NAMES) {
    const value = filters[name].trim()
    if (value && !(name === 'sort' && value === 'soonest')) address.set(name, value)
  }
  return address
}

/** The same question for the API: days become moments, amounts minor units; nonsense is left out. */
export function queryOf(filters: Filters, today = new Date()): TicketQuery {
  const from = filters.from > localDay(today) ? edgeOfDay(filters.from, 'start') : null
  const to = edgeOfDay(filters.to, 'end')
  const maxPrice = minorUnits(filters.max)
  return {
    sort: filters.sort as Sort,
    ...(filters.q && { q: filters.q.slice(0, 120) }),
    ...(filters.city && { city: filters.city.slice(0, 120) }),
    ...(filters.category && { category: filters.category.slice(0, 120) }),
    ...(from && { from }),
    ...(to && { to }),
    ...(maxPrice !== null && { maxPrice }),
  }
}

export const isNarrowed = (filters: Filters): boolean => addressOf({ ...filters, sort: 'soonest' }).size > 0

/** Ready-made days: tonight, and the coming (or current) Friday to Sunday. */
export function tonight(today = new Date()): Pick<Filters, 'from' | 'to'> {
  return { from: localDay(today), to: localDay(today) }
}

export function thisWeekend(today = new Date()): Pick<Filters, 'from' | 'to'> {
  const weekday = today.getDay() || 7 // Monday 1 … Sunday 7
  const friday = weekday >= 5 ? today : inDays(today, 5 - weekday)
  return { from: localDay(friday), to: localDay(inDays(today, 7 - weekday)) }
}

function inDays(from: Date, days: number): Date {
  return new Date(from.getFullYear(), from.getMonth(), from.getDate() + days)
}
