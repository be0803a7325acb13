// The server's clock, taken from `Date` headers: holds end on time whatever the device's own clock says.

let offset: number | null = null // server milliseconds minus performance.now(), which setting the device's clock does not move

/** Milliseconds since 1970 on the server's clock; the device's own until the first response. */
export function serverNow(): number {
  return offset === null ? Date.now() : performance.now() + offset
}

/**
 * Learns from the `Date` header of a request sent at `sentAt` (performance.now()). The header is cut to the second and
 * as old as the response's way here, so it only narrows the estimate. The first one is taken at the end of its second,
 * because a hold must never look longer than it is.
 */
export function syncClock(date: string | null, sentAt: number): void {
  const server = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(server)) return
  const now = performance.now()
  const estimate = offset === null ? server + 1000 : now + offset
  const latest = server + 1000 + (now - sentAt)
  offset = Math.min(Math.max(estimate, server), latest) - now
}

/** Back to the device's clock, for tests. */
export function resetClock(): void {
  offset = null
}
