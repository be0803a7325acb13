import { describe, expect, it } from 'vitest'
import { count, orderCode, times } from '#format/counts.ts'
import { duration, shortDuration } from '#format/duration.ts'
import { isolate, withoutBidiControls } from '#format/userText.ts'

describe('counts', () => {
  it('have a singular and a plural', () => {
    expect([count(1, 'ticket'), count(2, 'ticket'), count(0, 'left', 'left')]).toEqual([
      '1 ticket',
      '2 tickets',
      '0 left',
    ])
  })

  it('say how often', () => {
    expect([1, 2, 3].map(times)).toEqual(['once', 'twice', '3 times'])
  })

  it('shorten an order’s id to a code', () => {
    expect(orderCode('0f0e0d0c-1111-5222')).toBe('0F0E0D')
  })
})

describe('durations', () => {
  it('are minutes where they are whole, else seconds', () => {
    expect([900, 60, 90, 8].map(duration)).toEqual(['15 minutes', '1 minute', '90 seconds', '8 seconds'])
    expect([900, 90].map(shortDuration)).toEqual(['15 min', '90 s'])
  })
})

describe('text that users wrote', () => {
  it('loses the characters that would change the direction of the page', () => {
    expect(withoutBidiControls('a\u202eb\u2066c\u2069d\u202c')).toBe('abcd')
    expect(isolate('Marble\u202e Arcade')).toBe('Marble Arcade')
  })

  it('is isolated where it runs from right to left', () => {
    expect(isolate('فيروز')).toBe('\u2068فيروز\u2069')
    expect(isolate('הופעה 2026')).toBe('\u2068הופעה 2026\u2069')
    expect(isolate('東京ドーム')).toBe('東京ドーム')
  })
})
