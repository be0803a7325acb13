import { describe, expect, it } from 'vitest'
import {
  hasFilters,
  parseFilters,
  thisWeekend,
  tonight,
  toSearchParams,
  toTicketQuery,
} from '#features/browse/filters.ts'
import { groupByDay } from '#features/browse/Results.tsx'
import { summary } from '#features/browse/summary.ts'
import { aTicket, limits } from './factories.ts'

const none = parseFilters(new URLSearchParams())
const wednesday = new Date(2026, 11, 2, 15)

describe('filters', () => {
  it('are read from the address and written back unchanged', () => {
    const address = new URLSearchParams('q=Marble+Arcade&city=Rotterdam&max=50&sort=cheapest')
    expect(toSearchParams(parseFilters(address)).toString()).toBe(address.toString())
    expect(toSearchParams(none).toString()).toBe('')
  })

  it('leave out invalid values of the address', () => {
    const filters = parseFilters(new URLSearchParams('sort=best&from=soon&max=cheap&nonsense=1'))
    expect(toTicketQuery(filters, limits)).toEqual({ sort: 'soonest' })
  })

  it('become times and minor units in the API query', () => {
    const filters = { ...none, q: 'arcade', from: '2026-12-04', to: '2026-12-06', max: '50' }
    const query = toTicketQuery(filters, limits, wednesday)
    expect(query).toMatchObject({ q: 'arcade', maxPrice: 5000, sort: 'soonest' })
    expect(new Date(query.from as string).getHours()).toBe(0)
    expect(new Date(query.to as string).getHours()).toBe(23)
  })

  it('are cut to the API’s limits, where these are known', () => {
    const filters = { ...none, q: 'x'.repeat(200), city: 'y'.repeat(200) }
    expect(toTicketQuery(filters, limits)).toMatchObject({ q: 'x'.repeat(120), city: 'y'.repeat(120) })
    expect(toTicketQuery(filters, {})).toMatchObject({ q: filters.q, city: filters.city })
  })

  it('leave out "from today", the API’s default', () => {
    expect(toTicketQuery({ ...none, from: '2026-12-02' }, limits, wednesday)).not.toHaveProperty('from')
  })

  it('offer tonight and the weekend', () => {
    expect(tonight(wednesday)).toEqual({ from: '2026-12-02', to: '2026-12-02' })
    expect(thisWeekend(wednesday)).toEqual({ from: '2026-12-04', to: '2026-12-06' })
    expect(thisWeekend(new Date(2026, 11, 5))).toEqual({ from: '2026-12-05', to: '2026-12-06' })
    expect(thisWeekend(new Date(2026, 11, 6))).toEqual({ from: '2026-12-06', to: '2026-12-06' })
  })

  it('do not count the sort order as a filter', () => {
    expect(hasFilters({ ...none, sort: 'cheapest' })).toBe(false)
    expect(hasFilters({ ...none, city: 'Delft' })).toBe(true)
  })
})

describe('the summary', () => {
  it('says how many, when and where', () => {
    const filters = { ...none, ...thisWeekend(wednesday), city: 'Rotterdam' }
    expect(summary(5, false, filters, wednesday)).toBe('5 tickets this weekend in Rotterdam')
    expect(summary(1, false, { ...none, q: 'arcade' })).toBe('1 ticket for “arcade”')
    expect(summary(24, true, none)).toBe('The first 24 tickets')
    expect(summary(0, false, { ...none, ...tonight(wednesday) }, wednesday)).toBe('No tickets tonight')
  })
})

describe('grouping by day', () => {
  it('keeps the order and puts undated tickets in a group of their own', () => {
    const at = (startsAt: string | null) => aTicket({ id: `${startsAt}`, startsAt })
    const days = groupByDay([
      at('2026-12-04T11:00:00Z'),
      at('2026-12-04T12:00:00Z'),
      at('2026-12-08T12:00:00Z'),
      at(null),
    ])
    expect(days.map(({ tickets }) => tickets.length)).toEqual([2, 1, 1])
    expect(days.at(-1)?.startsAt).toBeNull()
  })
})
