// The server's clock, as heard in `Date` headers: whatever the device's own clock says, holds end on time.

let offset: number | null = null // server milliseconds minus performance.now(), which no change of the device's clock moves

/** Milliseconds since 1970 on the server's clock; the device's own until the first answer has been heard. */
export function serverNow(): number {
  return offset === null ? Date.now() : performance.now() + offset
}

/**
 * Learns from a `Date` header of a request sent at `sent` (performance.now()). The header is cut to the second and as
 * old as the reply's way here, so it only narrows the estimate; the first one is taken at the end of its second,
 * because a hold must never look longer than it is.
 */
export function hear(date: string | null, sent: number): void {
  const heard = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(heard)) return
  const now = performance.now()
  const guess = offset === null ? heard + 1000 : now + offset
  const latest = heard + 1000 + (now - sent)
  offset = Math.min(Math.max(guess, heard), latest) - now
}

/** Forgets what was heard, for tests. */
export function forgetClock(): void {
  offset = null
}
