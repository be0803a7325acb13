// The paper, motif and seed of a ticket’s poster: a pure function of the ticket’s id.

export const STOCKS = ['salmon', 'canary', 'mint', 'sky', 'lilac'] as const
export const MOTIFS = ['rings', 'rays', 'waves', 'dots', 'arches', 'blocks'] as const

export interface PosterDesign {
  stock: (typeof STOCKS)[number]
  motif: (typeof MOTIFS)[number]
  seed: number
}

/** FNV-1a, 32 bits, over UTF-16 code units. http://www.isthe.com/chongo/tech/comp/fnv/ */
export function fnv1a(text: string): number {
  let hash = 2166136261
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619) >>> 0
  return hash
}

export function designOf(id: string): PosterDesign {
  const seed = fnv1a(id)
  return { stock: pick(STOCKS, seed), motif: pick(MOTIFS, seed >>> 5), seed }
}

/** Seeded random numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = Math.imul(state ^ (state >>> 15), state | 1)
    state ^= state + Math.imul(state ^ (state >>> 7), state | 61)
    return ((state ^ (state >>> 14)) >>> 0) / 4294967296
  }
}

function pick<T>(items: readonly [T, ...T[]], n: number): T {
  return items[n % items.length] ?? items[0]
}
