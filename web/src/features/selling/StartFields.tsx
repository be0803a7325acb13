// When the event starts, in the local time of its venue; asks which where the clocks repeat that time.
import { useMemo } from 'react'
import { Select, TextField } from '#components/Field.tsx'
import type { FormErrors } from '#components/useFormErrors.ts'
import { clockTime } from '#format/dates.ts'
import { cityOf, offsetName } from '#format/zones.ts'
import { type Draft, readStart } from './draft.ts'

interface Props {
  draft: Draft
  errors: FormErrors
  change: (changes: Partial<Draft>) => void
}

export function StartFields({ draft, errors, change }: Props) {
  const { timeZone } = draft
  const zones = useMemo(() => listZones(timeZone), [timeZone])
  const start = readStart(draft)
  return (
    <div className="two loose">
      <div>
        <TextField
          name="startsAt"
          label="When does it start?"
          type="datetime-local"
          value={draft.startsAt}
          onChange={(event) => change({ startsAt: event.target.value, occurrence: '' })}
          hint="Leave empty if it is good on any day."
          error={errors.startsAt}
        />
        {start.kind === 'repeated' && (
          <fieldset className="choices">
            <legend className="hint">The clocks go back that night. Which one is it?</legend>
            {start.times.map((iso, i) => (
              <button
                key={iso}
                className="chip"
                type="button"
                onClick={() => change({ occurrence: String(i + 1) })}
              >
                {i === 0 ? 'First' : 'Second'} {clockTime(iso, timeZone)} ({offsetName(iso, timeZone)})
              </button>
            ))}
          </fieldset>
        )}
      </div>
      <Select
        name="timeZone"
        label="Local time of"
        value={timeZone}
        onChange={(event) => change({ timeZone: event.target.value, occurrence: '' })}
        hint="The city whose clock the venue has."
        error={errors.timeZone}
      >
        {zones.map(([zone, label]) => (
          <option key={zone} value={zone}>
            {label}
          </option>
        ))}
      </Select>
    </div>
  )
}

/** Every time zone by its city, such as "Amsterdam (Europe)"; `current` may be one that this browser lists by another name. */
function listZones(current: string): [zone: string, label: string][] {
  const zones = new Set([...Intl.supportedValuesOf('timeZone'), current])
  return [...zones]
    .map((zone): [string, string] => [zone, zone.includes('/') ? `${cityOf(zone)} (${areaOf(zone)})` : zone])
    .sort(([, one], [, other]) => one.localeCompare(other, 'en'))
}

const areaOf = (zone: string): string => (zone.split('/')[0] ?? '').replace(/_/g, ' ')
