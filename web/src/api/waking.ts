// When to ask anew for what is on the screen: somebody looks at it again, or this device has slept.

const LOOK = 500 // milliseconds between looks at the clocks
const SLACK = 2000 // milliseconds they may drift apart while the device is awake

/** Calls `look` when the tab is shown and when the device wakes. Answers how to stop it. */
export function onLooking(look: () => void): () => void {
  const shown = () => look()
  window.addEventListener('visibilitychange', shown)
  const stop = onWaking(look)
  return () => {
    stop()
    window.removeEventListener('visibilitychange', shown)
  }
}

/**
 * Sleep shows in the wall clock, which goes on, while `performance.now()`, which holds are counted with, stands still
 * (Chromium on Linux, macOS and Android). Somebody who sets the device's clock looks the same, which does no harm.
 */
function onWaking(wake: () => void): () => void {
  let before = drift()
  const timer = setInterval(() => {
    const now = drift()
    if (Math.abs(now - before) > SLACK) wake()
    before = now
  }, LOOK)
  return () => clearInterval(timer)
}

const drift = (): number => Date.now() - performance.now()
