// The hold: the clock, fifteen stubs of which one tears off each minute, and the way to more time.
import { useEffect, useRef, useState } from 'react'
import { announcement, clockFace, STUBS, stubsLeft, WARNING } from './countdown.ts'

interface Props {
  seconds: number
  /** Null when the hold can no longer be extended. */
  extend: (() => void) | null
  extending: boolean
  /** Something just said that the clock did not: "Your hold was extended." */
  news: string
}

export function HoldBar({ seconds, extend, extending, news }: Props) {
  const said = useAnnouncements(seconds)
  return (
    <section className={seconds <= WARNING ? 'hold low' : 'hold'} aria-label="Time left">
      <div className="wrap">
        <p>
          <span className="clock" role="timer" aria-live="off">
            {clockFace(seconds)}
          </span>
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
          <button className="btn ghost compact" type="button" onClick={extend} aria-disabled={extending}>
            More time
          </button>
        )}
        <p className="sr" aria-live="polite" data-testid="hold-news">
          {news || said}
        </p>
      </div>
    </section>
  )
}

function useAnnouncements(seconds: number): string {
  const [said, setSaid] = useState('')
  const before = useRef(seconds)
  useEffect(() => {
    const words = announcement(before.current, seconds)
    before.current = seconds
    if (words) setSaid(words)
  }, [seconds])
  return said
}
