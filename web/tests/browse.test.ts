import { describe, expect, it } from 'vitest'
import type { Ticket } from '#api/types.ts'
import {
  filterErrors,
  hasFilters,
  nearbyFilters,
  parseFilters,
  thisWeekend,
  toMax,
  tonight,
  toSearchParams,
  toTicketQuery,
} from '#features/browse/filters.ts'
import { groupByDay, isSparse } from '#features/browse/Results.tsx'
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

  it('compare prices within one currency: the chosen one, or euros', () => {
    const query = (text: string) => toTicketQuery(parseFilters(new URLSearchParams(text)), limits)
    expect(query('max=50')).toEqual({ sort: 'soonest', maxPrice: 5000, currency: 'eur' })
    expect(query('sort=cheapest')).toEqual({ sort: 'cheapest', currency: 'eur' })
    expect(query('sort=cheapest&currency=gbp')).toEqual({ sort: 'cheapest', currency: 'gbp' })
    expect(query('currency=usd')).toEqual({ sort: 'soonest', currency: 'usd' })
    expect(query('currency=chf')).toEqual({ sort: 'soonest' })
    for (const text of ['max=50', 'max=50&currency=gbp', 'currency=eur', 'sort=cheapest'])
      expect(toSearchParams(parseFilters(new URLSearchParams(text))).toString()).toBe(text)
  })

  it('become the venues’ days and minor units in the API query', () => {
    const filters = { ...none, q: 'arcade', from: '2026-12-04', to: '2026-12-06', max: '50' }
    const query = toTicketQuery(filters, limits, wednesday)
    expect(query).toMatchObject({ q: 'arcade', maxPrice: 5000, sort: 'soonest' })
    expect(query).toMatchObject({ fromDate: '2026-12-04', toDate: '2026-12-06' })
  })

  it('are cut to the API’s limits, where these are known', () => {
    const filters = { ...none, q: 'x'.repeat(200), city: 'y'.repeat(200) }
    expect(toTicketQuery(filters, limits)).toMatchObject({ q: 'x'.repeat(120), city: 'y'.repeat(120) })
    expect(toTicketQuery(filters, {})).toMatchObject({ q: filters.q, city: filters.city })
  })

  it('leave out "from today", the API’s default', () => {
    expect(toTicketQuery({ ...none, from: '2026-12-02' }, limits, wednesday)).toEqual({ sort: 'soonest' })
    expect(toTicketQuery({ ...none, ...tonight(wednesday) }, limits, wednesday)).toMatchObject({
      fromDate: '2026-12-02',
      toDate: '2026-12-02',
    })
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

describe('dates that contradict each other', () => {
  const errors = (from: string, to: string) => filterErrors({ ...none, from, to }, wednesday)

  it('mark both fields', () => {
    expect(errors('2026-12-06', '2026-12-05')).toEqual({
      from: 'This is later than “Until”.',
      to: 'This is earlier than “From”.',
    })
  })

  it('mark the end where it has passed', () => {
    expect(errors('', '2026-12-01')).toEqual({ to: 'That day is over.' })
    expect(errors('2026-11-01', '2026-12-02')).toEqual({})
  })

  it('are fine on one day, and where one is no date', () => {
    expect(errors('2026-12-05', '2026-12-05')).toEqual({})
    expect(errors('soon', '2026-12-05')).toEqual({})
    expect(errors('2026-12-05', 'later')).toEqual({})
  })
})

describe('the highest price', () => {
  it('has one spelling in the address', () => {
    expect([6000, 1250, 125000].map(toMax)).toEqual(['60', '12.50', '1250'])
  })
})

describe('what is near an empty result', () => {
  it('is the same search without one of its filters', () => {
    const filters = { ...none, q: 'arcade', from: '2026-12-04', to: '2026-12-06', city: 'Delft', max: '50' }
    expect(nearbyFilters(filters)).toEqual([
      { title: 'On other dates', filters: { ...filters, from: '', to: '' } },
      { title: 'In other cities', filters: { ...filters, city: '' } },
      { title: 'At other prices', filters: { ...filters, max: '', currency: '' } },
    ])
    expect(nearbyFilters({ ...none, q: 'arcade' })).toEqual([])
  })
})

describe('the summary', () => {
  const found = (n: number, fields: Partial<Ticket> = {}) => Array.from({ length: n }, () => aTicket(fields))

  it('says how many, when and where', () => {
    const filters = { ...none, ...thisWeekend(wednesday), city: 'Rotterdam' }
    expect(summary(found(5), false, filters, wednesday)).toBe('5 tickets this weekend in Rotterdam')
    expect(summary(found(1), false, { ...none, q: 'arcade' })).toBe('1 ticket for “arcade”')
    expect(summary(found(24), true, none)).toBe('The first 24 tickets')
    expect(summary([], false, { ...none, ...tonight(wednesday) }, wednesday)).toBe('No tickets tonight')
  })

  it('writes city and category as the listings do', () => {
    const filters = { ...none, city: 'malaga', category: 'comedy' }
    expect(summary(found(1, { city: 'Málaga', category: 'Comedy' }), false, filters)).toBe(
      '1 ticket in Comedy in Málaga',
    )
    const most = [...found(2, { city: 'Berlin' }), ...found(1, { city: 'BERLIN' })]
    expect(summary(most, false, { ...none, city: 'berlin' })).toBe('3 tickets in Berlin')
    expect(summary([], false, { ...none, city: 'delft' })).toBe('No tickets in delft')
  })

  it('isolates what runs from right to left', () => {
    expect(summary([], false, { ...none, q: 'فيروز' })).toBe('No tickets for “\u2068فيروز\u2069”')
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
    expect(days.at(-1)?.first.startsAt).toBeNull()
  })

  it('takes the day of each venue, which may not be in the order of the times', () => {
    const at = (startsAt: string, timeZone: string) => aTicket({ startsAt, timeZone })
    const days = groupByDay([
      at('2026-12-04T15:00:00Z', 'Asia/Tokyo'), // Saturday there
      at('2026-12-04T19:00:00Z', 'Europe/Amsterdam'),
      at('2026-12-05T10:00:00Z', 'Asia/Tokyo'),
    ])
    expect(days.map(({ day, tickets }) => [day, tickets.length])).toEqual([
      ['2026-12-04', 1],
      ['2026-12-05', 2],
    ])
  })

  it('is left out where most days have one ticket', () => {
    const on = (...days: number[]) => days.map((day) => aTicket({ startsAt: `2026-12-0${day}T19:00:00Z` }))
    expect(isSparse(on(1, 2, 2))).toBe(true)
    expect(isSparse(on(1, 1, 2, 2))).toBe(false)
  })
})
