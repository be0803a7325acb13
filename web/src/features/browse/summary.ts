// The search result in one line: "5 tickets this weekend in Rotterdam".
import type { Ticket } from '#api/types.ts'
import { parseAmount } from '#format/amounts.ts'
import { CATEGORIES } from '#format/categories.ts'
import { count } from '#format/counts.ts'
import { dayName } from '#format/dates.ts'
import { money } from '#format/money.ts'
import { isolate } from '#format/userText.ts'
import { DEFAULT_CURRENCY, type Filters, thisWeekend, tonight } from './filters.ts'

export function summary(shown: Ticket[], hasMore: boolean, filters: Filters, today = new Date()): string {
  const tickets = count(shown.length, 'ticket')
  const start = hasMore ? `The first ${tickets}` : shown.length === 0 ? 'No tickets' : tickets
  const max = parseAmount(filters.max)
  const category = spelling(filters.category, [...CATEGORIES, ...shown.map((ticket) => ticket.category)])
  const city = spelling(
    filters.city,
    shown.map((ticket) => ticket.city),
  )
  return [
    start,
    filters.q && `for “${isolate(filters.q)}”`,
    category && `in ${isolate(category)}`,
    describeDates(filters, today),
    city && `in ${isolate(city)}`,
    prices(max, filters.currency),
  ]
    .filter(Boolean)
    .join(' ')
}

const NAMES: Record<string, string> = { eur: 'euros', usd: 'dollars', gbp: 'pounds' }

/** The currency in words. */
export const currencyName = (currency: string): string => NAMES[currency] ?? currency.toUpperCase()

function prices(max: number | null, currency: string): string {
  if (max !== null) return `up to ${money(max, currency || DEFAULT_CURRENCY)}`
  return currency && `priced in ${currencyName(currency)}`
}

/** The value as most of `listed` write it, whatever its case and accents; as it was typed where none has it. */
function spelling(typed: string, listed: (string | null)[]): string {
  const counts = new Map<string, number>()
  for (const text of listed)
    if (text && fold(text) === fold(typed)) counts.set(text, (counts.get(text) ?? 0) + 1)
  const [mostUsed] = [...counts].sort(([, one], [, other]) => other - one)
  return mostUsed?.[0] ?? typed
}

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim()

function describeDates({ from, to }: Filters, today: Date): string {
  if (!from && !to) return ''
  const matches = (days: { from: string; to: string }) => days.from === from && days.to === to
  if (matches(tonight(today))) return 'tonight'
  if (matches(thisWeekend(today))) return 'this weekend'
  const format = (day: string) => dayName(`${day}T12:00:00`)
  return [from && `from ${format(from)}`, to && `until ${format(to)}`].filter(Boolean).join(' ')
}
