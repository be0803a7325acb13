import { describe, expect, it } from 'vitest'
import { addressOf, filtersIn, isNarrowed, queryOf, thisWeekend, tonight } from '../src/browse/filters.ts'
import { daysOf } from '../src/browse/Results.tsx'
import { summary } from '../src/browse/summary.ts'
import { aTicket } from './things.ts'

const none = filtersIn(new URLSearchParams())
const wednesday = new Date(2026, 11, 2, 15)

describe('the filters', () => {
  it('live in the address and nowhere else', () => {
    const address = new URLSearchParams('q=Marble+Arcade&city=Rotterdam&max=50&sort=cheapest')
    expect(addressOf(filtersIn(address)).toString()).toBe(address.toString())
    expect(addressOf(none).toString()).toBe('')
  })

  it('make sense of an address somebody wrote', () => {
    const filters = filtersIn(new URLSearchParams('sort=best&from=soon&max=cheap&nonsense=1'))
    expect(queryOf(filters)).toEqual({ sort: 'soonest' })
  })

  it('ask the API in moments and minor units', () => {
    const filters = { ...none, q: 'arcade', from: '2026-12-04', to: '2026-12-06', max: '50' }
    const query = queryOf(filters, wednesday)
    expect(query).toMatchObject({ q: 'arcade', maxPrice: 5000, sort: 'soonest' })
    expect(new Date(query.from as string).getHours()).toBe(0)
    expect(new Date(query.to as string).getHours()).toBe(23)
  })

  it('leave "from today" to the API, which begins now', () => {
    expect(queryOf({ ...none, from: '2026-12-02' }, wednesday)).not.toHaveProperty('from')
  })

  it('know tonight and the weekend', () => {
    expect(tonight(wednesday)).toEqual({ from: '2026-12-02', to: '2026-12-02' })
    expect(thisWeekend(wednesday)).toEqual({ from: '2026-12-04', to: '2026-12-06' })
    expect(thisWeekend(new Date(2026, 11, 5))).toEqual({ from: '2026-12-05', to: '2026-12-06' })
    expect(thisWeekend(new Date(2026, 11, 6))).toEqual({ from: '2026-12-06', to: '2026-12-06' })
  })

  it('narrow unless only the order changed', () => {
    expect(isNarrowed({ ...none, sort: 'cheapest' })).toBe(false)
    expect(isNarrowed({ ...none, city: 'Delft' })).toBe(true)
  })
})

describe('the result in one line', () => {
  it('says how many, when and where', () => {
    const filters = { ...none, ...thisWeekend(wednesday), city: 'Rotterdam' }
    expect(summary(5, false, filters, wednesday)).toBe('5 tickets this weekend in Rotterdam')
    expect(summary(1, false, { ...none, q: 'arcade' })).toBe('1 ticket for “arcade”')
    expect(summary(24, true, none)).toBe('The first 24 tickets')
    expect(summary(0, false, { ...none, ...tonight(wednesday) }, wednesday)).toBe('No tickets tonight')
  })
})

describe('the days', () => {
  it('keep the order they came in; undated tickets are a day of their own', () => {
    const at = (startsAt: string | null) => aTicket({ id: `${startsAt}`, startsAt })
    const days = daysOf([
      at('2026-12-04T11:00:00Z'),
      at('2026-12-04T12:00:00Z'),
      at('2026-12-08T12:00:00Z'),
      at(null),
    ])
    expect(days.map(({ tickets }) => tickets.length)).toEqual([2, 1, 1])
    expect(days.at(-1)?.startsAt).toBeNull()
  })
})
