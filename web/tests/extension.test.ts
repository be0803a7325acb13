import { describe, expect, it } from 'vitest'
import { extensionOf, extensionsLeft, offeredFrom } from '#features/checkout/hold/extension.ts'
import { cutToMinutes } from '#format/duration.ts'
import { anOrder } from './factories.ts'

const now = Date.parse('2026-11-22T12:10:00Z')
const rules = { holdSeconds: 900, maxExtensions: 2 }
const order = anOrder() // starts weeks later

describe('more time', () => {
  it('is offered in the last third of the hold', () => {
    expect(extensionOf(order, 301, rules, now)).toBeNull()
    expect(extensionOf(order, 300, rules, now)).toEqual({ adds: 600, left: 2 })
    expect(extensionOf(order, 0, rules, now)).toBeNull()
    expect(offeredFrom(order, { ...rules, holdSeconds: 60 })).toBe(20)
  })

  it('is offered as often as the stage allows', () => {
    expect(extensionOf({ ...order, extensions: 1 }, 100, rules, now)?.left).toBe(1)
    expect(extensionOf({ ...order, extensions: 2 }, 100, rules, now)).toBeNull()
    expect(extensionsLeft({ ...order, extensions: 3 }, rules)).toBe(0)
  })

  it('ends when the event starts', () => {
    const tonight = { ...order, ticket: { ...order.ticket, startsAt: '2026-11-22T12:20:00Z' } }
    expect(extensionOf(tonight, 120, rules, now)).toEqual({ adds: 480, left: 2 })
    expect(extensionOf(tonight, 120, rules, now + 480_000)).toBeNull()
  })

  it('takes the first hold’s length where the stage does not say one', () => {
    const unknown = { holdSeconds: undefined, maxExtensions: undefined }
    expect(extensionOf(order, 301, unknown, now)).toBeNull()
    expect(extensionOf(order, 300, unknown, now)).toEqual({ adds: 600, left: undefined })
  })

  it('is said in whole minutes, where there is one', () => {
    expect([787, 60, 59].map(cutToMinutes)).toEqual([780, 60, 59])
  })
})
