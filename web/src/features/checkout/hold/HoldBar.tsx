// The bar of a hold: the clock, a strip of stubs of which one tears off each minute, and the button for more time.
import { count } from '#format/counts.ts'
import { cutToMinutes, shortDuration } from '#format/duration.ts'
import { Clock } from './Clock.tsx'
import { STUBS, stubsLeft, WARNING } from './countdown.ts'
import type { Extension } from './extension.ts'
import { useAnnouncements } from './useAnnouncements.ts'
import './HoldBar.css'

interface Props {
  seconds: number
  /** Null while no more time is offered. */
  extension: Extension | null
  extend: () => void
  isExtending: boolean
  /** When more time will be offered: "You can ask for more time in the last 5 minutes." */
  outlook: string
  /** Announced instead of the time: "Your hold was extended." */
  message: string
}

export function HoldBar({ seconds, extension, extend, isExtending, outlook, message }: Props) {
  const announced = useAnnouncements(seconds)
  return (
    <section className={seconds <= WARNING ? 'hold low' : 'hold'} aria-label="Time left">
      <div className="wrap">
        <p>
          <Clock seconds={seconds} />
        </p>
        <div>
          <p className="label small">
            <strong>Held for you.</strong> <span className="muted">{outlook}</span>
          </p>
          <div className="strip" aria-hidden="true">
            {Array.from({ length: STUBS }, (_, i) => i).map((i) => (
              <i key={i} className={i >= stubsLeft(seconds) ? 'torn' : undefined} />
            ))}
          </div>
        </div>
        {extension && (
          <button
            className="btn ghost compact more-time"
            type="button"
            onClick={extend}
            aria-disabled={isExtending}
          >
            <span>More time</span> <small>{describeExtension(extension)}</small>
          </button>
        )}
        <p className="sr" aria-live="polite" data-testid="hold-news">
          {message || announced}
        </p>
      </div>
    </section>
  )
}

/** "+10 min, 2 uses left" */
function describeExtension({ adds, left }: Extension): string {
  const gain = `+${shortDuration(cutToMinutes(adds))}`
  return left === undefined ? gain : `${gain}, ${count(left, 'use')} left`
}
