import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onLooking } from '../src/api/waking.ts'

describe('a device that sleeps', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is noticed once it wakes', () => {
    const wake = vi.fn()
    const stop = onLooking(wake)
    vi.advanceTimersByTime(60_000)
    expect(wake).not.toHaveBeenCalled()
    vi.setSystemTime(Date.now() + 600_000) // performance.now() stands still
    vi.advanceTimersByTime(5000)
    expect(wake).toHaveBeenCalledOnce()
    stop()
  })

  it('is as good as a tab that is shown again', () => {
    const look = vi.fn()
    const stop = onLooking(look)
    window.dispatchEvent(new Event('visibilitychange'))
    expect(look).toHaveBeenCalledOnce()
    stop()
  })

  it('is watched no longer than asked', () => {
    const wake = vi.fn()
    onLooking(wake)()
    vi.setSystemTime(Date.now() + 600_000)
    vi.advanceTimersByTime(5000)
    expect(wake).not.toHaveBeenCalled()
  })
})
