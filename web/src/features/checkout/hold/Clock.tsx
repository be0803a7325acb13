// The time left of a hold; screen readers read it on request only.
import { clockFace } from './countdown.ts'
import './Clock.css'

export function Clock({ seconds }: { seconds: number }) {
  return (
    <span className="clock" role="timer" aria-live="off">
      {clockFace(seconds)}
    </span>
  )
}
