// Local times of a time zone (an IANA name), and what they are in UTC.
import { memoizeFormatter } from './memoizeFormatter.ts'

const DAY = 86_400_000 // milliseconds
const MINUTE = 60_000

/** Swedish writes local times almost as ISO 8601 does: "2026-12-04 20:00". */
const formatter = memoizeFormatter(
  (locale, timeZone: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short', timeZone }),
)

export const readerZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone

/** The zone itself, or the reader’s where there is none or this browser does not know it. */
export function knownZone(zone: string | null | undefined): string {
  if (!zone) return readerZone()
  try {
    formatter('sv-SE', zone)
    return zone
  } catch {
    return readerZone()
  }
}

/** The local time as `<input type="datetime-local">` has it: "2026-12-04T20:00". */
export const wallTime = (at: number | string, zone?: string | null): string =>
  formatter('sv-SE', knownZone(zone)).format(new Date(at)).replace(' ', 'T')

/** Every time in UTC that reads `wall` in the zone: none where the clocks skip it, two where they repeat it. */
export function instantsOf(wall: string, zone?: string | null): string[] {
  const asUtc = Date.parse(`${wall}Z`)
  if (Number.isNaN(asUtc)) return []
  const offsets = [asUtc - DAY, asUtc + DAY].map((at) => offset(at, zone))
  return [...new Set(offsets)]
    .map((milliseconds) => asUtc - milliseconds)
    .filter((at) => wallTime(at, zone) === wall)
    .sort((one, other) => one - other)
    .map(rfc3339)
}

export const rfc3339 = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')

/** Milliseconds that the zone is ahead of UTC at a time. */
function offset(at: number, zone?: string | null): number {
  return Date.parse(`${wallTime(at, zone)}Z`) - Math.floor(at / MINUTE) * MINUTE
}

/** "UTC+2" at a time, to tell a repeated local time from the other. */
export function offsetName(iso: string, zone?: string | null): string {
  const minutes = offset(Date.parse(iso), zone) / MINUTE
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}

/** "Amsterdam time" where the reader’s clock differs from that of the zone at this time; null where it does not. */
export function zoneNote(iso: string, zone: string | null | undefined): string | null {
  const known = knownZone(zone)
  return wallTime(iso, known) === wallTime(iso) ? null : `${cityOf(known)} time`
}

/** "America/Argentina/Buenos_Aires" is "Buenos Aires". */
export const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replace(/_/g, ' ')
