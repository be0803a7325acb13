import { describe, expect, it, vi } from 'vitest'
import { serverNow, syncClock } from '#api/clock.ts'

const NOON = Date.parse('2026-11-22T12:00:00Z')

describe('the server’s clock', () => {
  it('follows the Date header, not the device’s clock', () => {
    vi.spyOn(Date, 'now').mockReturnValue(Date.parse('1999-01-01T00:00:00Z'))
    vi.spyOn(performance, 'now').mockReturnValue(5000)
    syncClock('Sun, 22 Nov 2026 12:00:00 GMT', performance.now())
    expect(serverNow() - NOON).toBe(1000) // a hold never looks longer than it is
  })

  it('continues when the device’s clock is set', () => {
    const ticking = vi.spyOn(performance, 'now').mockReturnValue(5000)
    syncClock('Sun, 22 Nov 2026 12:00:00 GMT', performance.now())
    const before = serverNow()
    vi.spyOn(Date, 'now').mockReturnValue(0)
    ticking.mockReturnValue(8000)
    expect(serverNow() - before).toBe(3000)
  })

  it('narrows within the second of a header, and never jumps back over it', () => {
    const ticking = vi.spyOn(performance, 'now').mockReturnValue(0)
    syncClock('Sun, 22 Nov 2026 12:00:00 GMT', performance.now())
    ticking.mockReturnValue(900)
    syncClock('Sun, 22 Nov 2026 12:00:00 GMT', performance.now()) // so it was no later than 12:00:00.1 then
    expect(serverNow() - NOON).toBeLessThanOrEqual(1000)
    ticking.mockReturnValue(1000)
    syncClock('Sun, 22 Nov 2026 12:00:01 GMT', performance.now())
    expect(serverNow() - NOON).toBeGreaterThanOrEqual(1000)
  })

  it('is not set back by a slow response', () => {
    const ticking = vi.spyOn(performance, 'now').mockReturnValue(0)
    syncClock('Sun, 22 Nov 2026 12:00:00 GMT', 0)
    ticking.mockReturnValue(6000)
    const before = serverNow()
    syncClock('Sun, 22 Nov 2026 12:00:00 GMT', 0) // dated when it was sent, six seconds ago
    expect(serverNow()).toBe(before)
  })

  it('ignores a response without a date', () => {
    vi.spyOn(Date, 'now').mockReturnValue(42)
    syncClock(null, 0)
    syncClock('yesterday', performance.now())
    expect(serverNow()).toBe(42)
  })
})
