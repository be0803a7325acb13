// The result in one line: "5 tickets this weekend in Rotterdam".
import { count } from '../format/counts.ts'
import { dayName } from '../format/dates.ts'
import { minorUnits, money } from '../format/money.ts'
import { type Filters, thisWeekend, tonight } from './filters.ts'

export function summary(found: number, hasMore: boolean, filters: Filters, today = new Date()): string {
  const start = hasMore
    ? `The first ${count(found, 'ticket')}`
    : found === 0
      ? 'No tickets'
      : count(found, 'ticket')
  const max = minorUnits(filters.max)
  return [
    start,
    filters.q && `for “${filters.q}”`,
    filters.category && `in ${filters.category}`,
    daysInWords(filters, today),
    filters.city && `in ${filters.city}`,
    max !== null && `up to ${money(max, 'eur')}`,
  ]
    .filter(Boolean)
    .join(' ')
}

function daysInWords({ from, to }: Filters, today: Date): string {
  if (!from && !to) return ''
  const same = (days: { from: string; to: string }) => days.from === from && days.to === to
  if (same(tonight(today))) return 'tonight'
  if (same(thisWeekend(today))) return 'this weekend'
  const name = (day: string) => dayName(`${day}T12:00:00`)
  return [from && `from ${name(from)}`, to && `until ${name(to)}`].filter(Boolean).join(' ')
}
