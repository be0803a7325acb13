import { render } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { Poster, stockClass } from '../src/poster/Poster.tsx'
import { fnv1a, MOTIFS, numbers, printOf, STOCKS } from '../src/poster/stock.ts'

describe('a poster', () => {
  it('hashes with FNV-1a, as its authors’ test vectors say', () => {
    expect(fnv1a('')).toBe(0x811c9dc5)
    expect(fnv1a('a')).toBe(0xe40c292c)
    expect(fnv1a('foobar')).toBe(0xbf9cf968)
  })

  it('is the same for the same ticket, for ever', () => {
    expect(printOf('marble-arcade')).toEqual(printOf('marble-arcade'))
    const once = render(<Poster id="marble-arcade" />).container.innerHTML
    expect(render(<Poster id="marble-arcade" />).container.innerHTML).toBe(once)
  })

  it('uses every stock and every motif', () => {
    const prints = Array.from({ length: 300 }, (_, i) => printOf(`ticket-${i}`))
    expect(new Set(prints.map(({ stock }) => stock))).toEqual(new Set(STOCKS))
    expect(new Set(prints.map(({ motif }) => motif))).toEqual(new Set(MOTIFS))
  })

  it.each(MOTIFS)('draws %s as decoration, without a style that the CSP would refuse', (motif) => {
    const id = Array.from({ length: 300 }, (_, i) => `ticket-${i}`).find(
      (each) => printOf(each).motif === motif,
    )
    const svg = render(<Poster id={id as string} />).container.querySelector('svg')
    expect(svg?.getAttribute('aria-hidden')).toBe('true')
    expect(svg?.querySelectorAll('path, circle').length).toBeGreaterThan(0)
    expect(svg?.outerHTML).not.toMatch(/style=|NaN|undefined/)
    expect(stockClass(id as string)).toMatch(/^stock-/)
  })

  it('draws its numbers from [0, 1)', () => {
    const next = numbers(7)
    const drawn = Array.from({ length: 1000 }, next)
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...drawn)).toBeLessThan(1)
    expect(new Set(drawn).size).toBeGreaterThan(900)
  })
})
