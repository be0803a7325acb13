// The seconds left of a hold on the server's clock, updated once a second.
import { useEffect, useState } from 'react'
import { serverNow } from '#api/clock.ts'
import { secondsLeft } from './countdown.ts'

export function useSecondsLeft(expiresAt: string): number {
  const [seconds, setSeconds] = useState(() => secondsLeft(expiresAt, serverNow()))
  useEffect(() => {
    const update = () => setSeconds(secondsLeft(expiresAt, serverNow()))
    update()
    const timer = setInterval(update, 250) // four times a second, so that no second is skipped
    return () => clearInterval(timer)
  }, [expiresAt])
  return seconds
}
