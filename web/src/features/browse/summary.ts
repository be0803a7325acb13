// The search result in one line: "5 tickets this weekend in Rotterdam".
import { count } from '#format/counts.ts'
import { dayName } from '#format/dates.ts'
import { money, parseAmount } from '#format/money.ts'
import { type Filters, thisWeekend, tonight } from './filters.ts'

export function summary(shown: number, hasMore: boolean, filters: Filters, today = new Date()): string {
  const start = hasMore
    ? `The first ${count(shown, 'ticket')}`
    : shown === 0
      ? 'No tickets'
      : count(shown, 'ticket')
  const max = parseAmount(filters.max)
  return [
    start,
    filters.q && `for “${filters.q}”`,
    filters.category && `in ${filters.category}`,
    describeDates(filters, today),
    filters.city && `in ${filters.city}`,
    max !== null && `up to ${money(max, 'eur')}`,
  ]
    .filter(Boolean)
    .join(' ')
}

function describeDates({ from, to }: Filters, today: Date): string {
  if (!from && !to) return ''
  const matches = (days: { from: string; to: string }) => days.from === from && days.to === to
  if (matches(tonight(today))) return 'tonight'
  if (matches(thisWeekend(today))) return 'this weekend'
  const format = (day: string) => dayName(`${day}T12:00:00`)
  return [from && `from ${format(from)}`, to && `until ${format(to)}`].filter(Boolean).join(' ')
}
