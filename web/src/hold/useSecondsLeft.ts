// A countdown on the server's clock, told once a second.
import { useEffect, useState } from 'react'
import { serverNow } from '../api/clock.ts'
import { secondsLeft } from './countdown.ts'

export function useSecondsLeft(expiresAt: string): number {
  const [left, setLeft] = useState(() => secondsLeft(expiresAt, serverNow()))
  useEffect(() => {
    const tick = () => setLeft(secondsLeft(expiresAt, serverNow()))
    tick()
    const timer = setInterval(tick, 250) // four looks a second, so no second is ever skipped
    return () => clearInterval(timer)
  }, [expiresAt])
  return left
}
