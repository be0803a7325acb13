// The bar of a hold: the clock, a strip of stubs of which one tears off each minute, and the button for more time.
import { useEffect, useRef, useState } from 'react'
import { Clock } from './Clock.tsx'
import { announcement, STUBS, stubsLeft, WARNING } from './countdown.ts'
import './HoldBar.css'

interface Props {
  seconds: number
  /** Null when the hold can no longer be extended. */
  extend: (() => void) | null
  isExtending: boolean
  /** Announced instead of the time: "Your hold was extended." */
  message: string
}

export function HoldBar({ seconds, extend, isExtending, message }: Props) {
  const announced = useAnnouncements(seconds)
  return (
    <section className={seconds <= WARNING ? 'hold low' : 'hold'} aria-label="Time left">
      <div className="wrap">
        <p>
          <Clock seconds={seconds} />
        </p>
        <div>
          <p className="label small">
            <strong>Held for you.</strong> <span className="muted">One stub tears off each minute.</span>
          </p>
          <div className="strip" aria-hidden="true">
            {Array.from({ length: STUBS }, (_, i) => i).map((i) => (
              <i key={i} className={i >= stubsLeft(seconds) ? 'torn' : undefined} />
            ))}
          </div>
        </div>
        {extend && (
          <button className="btn ghost compact" type="button" onClick={extend} aria-disabled={isExtending}>
            More time
          </button>
        )}
        <p className="sr" aria-live="polite" data-testid="hold-news">
          {message || announced}
        </p>
      </div>
    </section>
  )
}

function useAnnouncements(seconds: number): string {
  const [announced, setAnnounced] = useState('')
  const before = useRef(seconds)
  useEffect(() => {
    const text = announcement(before.current, seconds)
    before.current = seconds
    if (text) setAnnounced(text)
  }, [seconds])
  return announced
}
