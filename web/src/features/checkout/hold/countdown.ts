// The countdown of a hold: seconds on the clock, minutes on the strip, announcements for screen readers.

export const STUBS = 15
export const WARNING = 120 // seconds left when the strip changes colour and the dialog opens
const ANNOUNCED = [300, 120, 60] // seconds left

/** Whole seconds until `expiresAt`, never below zero. */
export function secondsLeft(expiresAt: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(expiresAt) - now) / 1000))
}

/** Stubs left on the strip: one a minute, the last one for the last minute. */
export const stubsLeft = (seconds: number): number => Math.min(STUBS, Math.ceil(seconds / 60))

/** "12:05" */
export function clockFace(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** What screen readers announce when the time passes five, two or one minute; null at any other time. */
export function announcement(before: number, after: number): string | null {
  const passed = ANNOUNCED.filter((mark) => before > mark && after <= mark && after > 0).at(-1)
  if (passed === undefined) return null
  const minutes = passed / 60
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left to pay.`
}

/** The length of a hold in minutes, for "15 more minutes"; null when it is unknown or not whole. */
export const wholeMinutes = (holdSeconds: number | undefined): number | null =>
  holdSeconds && holdSeconds % 60 === 0 ? holdSeconds / 60 : null
