import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onFocusOrWake } from '#api/focusOrWake.ts'

describe('refetching', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('happens once after a sleep', () => {
    const wake = vi.fn()
    const stop = onFocusOrWake(wake)
    vi.advanceTimersByTime(60_000)
    expect(wake).not.toHaveBeenCalled()
    vi.setSystemTime(Date.now() + 600_000) // performance.now() stands still
    vi.advanceTimersByTime(5000)
    expect(wake).toHaveBeenCalledOnce()
    stop()
  })

  it('happens when the tab is shown', () => {
    const look = vi.fn()
    const stop = onFocusOrWake(look)
    window.dispatchEvent(new Event('visibilitychange'))
    expect(look).toHaveBeenCalledOnce()
    stop()
  })

  it('stops', () => {
    const wake = vi.fn()
    onFocusOrWake(wake)()
    vi.setSystemTime(Date.now() + 600_000)
    vi.advanceTimersByTime(5000)
    expect(wake).not.toHaveBeenCalled()
  })
})
