import { describe, expect, it } from 'vitest'
import {
  announcement,
  clockFace,
  secondsLeft,
  stubsLeft,
  wholeMinutes,
} from '#features/checkout/hold/countdown.ts'

const noon = Date.parse('2026-11-22T12:00:00Z')

describe('the countdown', () => {
  it('counts whole seconds and never below zero', () => {
    expect(secondsLeft('2026-11-22T12:15:00Z', noon)).toBe(900)
    expect(secondsLeft('2026-11-22T12:15:00Z', noon + 400)).toBe(900)
    expect(secondsLeft('2026-11-22T12:15:00Z', noon + 1000)).toBe(899)
    expect(secondsLeft('2026-11-22T11:59:00Z', noon)).toBe(0)
  })

  it('shows minutes and two digits of seconds', () => {
    expect([900, 725, 60, 9, 0].map(clockFace)).toEqual(['15:00', '12:05', '1:00', '0:09', '0:00'])
  })

  it('tears off one stub a minute', () => {
    expect([900, 841, 840, 61, 60, 1, 0].map(stubsLeft)).toEqual([15, 15, 14, 2, 1, 1, 0])
    expect(stubsLeft(3600)).toBe(15)
  })

  it('is announced at five, two and one minute only', () => {
    const announced: [number, string][] = []
    for (let s = 900; s > 0; s--) {
      const text = announcement(s, s - 1)
      if (text) announced.push([s - 1, text])
    }
    expect(announced).toEqual([
      [300, '5 minutes left to pay.'],
      [120, '2 minutes left to pay.'],
      [60, '1 minute left to pay.'],
    ])
  })

  it('announces only the latest mark after a sleep that skipped several', () => {
    expect(announcement(600, 50)).toBe('1 minute left to pay.')
    expect(announcement(600, 0)).toBeNull()
    expect(announcement(100, 900)).toBeNull()
  })

  it('has a length in minutes where that is known and whole', () => {
    expect([900, 60, 90, undefined].map(wholeMinutes)).toEqual([15, 1, null, null])
  })
})
