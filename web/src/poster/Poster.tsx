// A ticket's art: decoration drawn from its id, without a single image byte.
import { memo } from 'react'
import { motifs } from './motifs.tsx'
import { numbers, printOf } from './stock.ts'

export const Poster = memo(function Poster({ id }: { id: string }) {
  const { motif, seed } = printOf(id)
  return (
    <svg
      className="art"
      viewBox="0 0 200 120"
      preserveAspectRatio="xMidYMid slice"
      stroke="currentColor"
      aria-hidden="true"
    >
      {motifs[motif](numbers(seed))}
    </svg>
  )
})

export const stockClass = (id: string): string => `stock-${printOf(id).stock}`
