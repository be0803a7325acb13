// A date or time with its machine-readable value; in another time zone than the reader’s, with that zone’s city.
import type { DateFormat } from '#format/dates.ts'
import { zoneNote } from '#format/zones.ts'

interface Props {
  value: string
  format: DateFormat
  /** The venue’s time zone; without one, the reader’s. */
  zone?: string | null | undefined
  /** A day needs no zone beside it. */
  isDay?: boolean
}

export function DateTime({ value, format, zone, isDay = false }: Props) {
  const note = isDay ? null : zoneNote(value, zone)
  return (
    <time dateTime={value}>
      {format(value, zone)}
      {note && <span className="zone">, {note}</span>}
    </time>
  )
}
