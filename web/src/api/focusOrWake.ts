// When to refetch what is on the screen: the tab is shown again, or the device has slept.

const CHECK_INTERVAL = 500 // milliseconds
const MAX_DRIFT = 2000 // milliseconds between two checks while the device is awake

/** Calls `refetch` when the tab is shown and when the device wakes. Returns a function that stops it. */
export function onFocusOrWake(refetch: () => void): () => void {
  const onVisible = () => refetch()
  window.addEventListener('visibilitychange', onVisible)
  const stop = onWake(refetch)
  return () => {
    stop()
    window.removeEventListener('visibilitychange', onVisible)
  }
}

/**
 * During sleep the wall clock goes on while `performance.now()`, which holds are counted with, stands still
 * (Chromium on Linux, macOS and Android). Setting the device's clock looks the same, which does no harm.
 */
function onWake(wake: () => void): () => void {
  let before = clockDifference()
  const timer = setInterval(() => {
    const now = clockDifference()
    if (Math.abs(now - before) > MAX_DRIFT) wake()
    before = now
  }, CHECK_INTERVAL)
  return () => clearInterval(timer)
}

const clockDifference = (): number => Date.now() - performance.now()
