import { describe, expect, it } from 'vitest'

const files = import.meta.glob<string>('../src/**/*.css', { query: '?raw', import: 'default', eager: true })
const MASK = /#0000?\b/g // opaque and transparent, in the masks of punched notches

describe('style sheets', () => {
  it('take every colour and font from tokens.css', () => {
    const offending = Object.entries(files)
      .filter(([path]) => !path.endsWith('/tokens.css'))
      .filter(([, css]) => /#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch)\(|@font-face/i.test(css.replace(MASK, '')))
    expect(offending.map(([path]) => path)).toEqual([])
    expect(Object.keys(files).length).toBeGreaterThan(30)
  })
})
