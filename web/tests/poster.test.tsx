import { render } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { designOf, fnv1a, MOTIFS, STOCKS, seededRandom } from '#components/poster/design.ts'
import { Poster, stockClass } from '#components/poster/Poster.tsx'

describe('a poster', () => {
  it('hashes with FNV-1a, as its test vectors say', () => {
    expect(fnv1a('')).toBe(0x811c9dc5)
    expect(fnv1a('a')).toBe(0xe40c292c)
    expect(fnv1a('foobar')).toBe(0xbf9cf968)
  })

  it('is the same for the same id', () => {
    expect(designOf('marble-arcade')).toEqual(designOf('marble-arcade'))
    const once = render(<Poster id="marble-arcade" />).container.innerHTML
    expect(render(<Poster id="marble-arcade" />).container.innerHTML).toBe(once)
  })

  it('uses every stock and every motif', () => {
    const designs = Array.from({ length: 300 }, (_, i) => designOf(`ticket-${i}`))
    expect(new Set(designs.map(({ stock }) => stock))).toEqual(new Set(STOCKS))
    expect(new Set(designs.map(({ motif }) => motif))).toEqual(new Set(MOTIFS))
  })

  it.each(MOTIFS)('draws %s as decoration without inline styles', (motif) => {
    const id = Array.from({ length: 300 }, (_, i) => `ticket-${i}`).find(
      (each) => designOf(each).motif === motif,
    )
    const svg = render(<Poster id={id as string} />).container.querySelector('svg')
    expect(svg?.getAttribute('aria-hidden')).toBe('true')
    expect(svg?.querySelectorAll('path, circle').length).toBeGreaterThan(0)
    expect(svg?.outerHTML).not.toMatch(/style=|NaN|undefined/)
    expect(stockClass(id as string)).toMatch(/^stock-/)
  })

  it('draws its random numbers from [0, 1)', () => {
    const next = seededRandom(7)
    const drawn = Array.from({ length: 1000 }, next)
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...drawn)).toBeLessThan(1)
    expect(new Set(drawn).size).toBeGreaterThan(900)
  })
})
