// Durations in seconds as text.
import { count } from './counts.ts'

/** "15 minutes", or "90 seconds" where they are no whole minutes. */
export const duration = (seconds: number): string =>
  seconds % 60 === 0 ? count(seconds / 60, 'minute') : count(seconds, 'second')

/** "15 min" or "90 s" */
export const shortDuration = (seconds: number): string =>
  seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`

/** Cut to whole minutes, where there is one. */
export const cutToMinutes = (seconds: number): number => (seconds < 60 ? seconds : seconds - (seconds % 60))
