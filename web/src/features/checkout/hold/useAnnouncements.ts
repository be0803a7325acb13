// What screen readers announce about a hold: five, two and one minute left.
import { useEffect, useRef, useState } from 'react'
import { announcement } from './countdown.ts'

export function useAnnouncements(seconds: number): string {
  const [announced, setAnnounced] = useState('')
  const before = useRef(seconds)
  useEffect(() => {
    const text = announcement(before.current, seconds)
    before.current = seconds
    if (text) setAnnounced(text)
  }, [seconds])
  return announced
}
