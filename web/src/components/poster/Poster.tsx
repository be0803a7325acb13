// A ticket’s poster: an SVG drawn from the ticket’s id.
import { memo } from 'react'
import { designOf, seededRandom } from './design.ts'
import { motifs } from './motifs.tsx'
import './Poster.css'

export const Poster = memo(function Poster({ id }: { id: string }) {
  const { motif, seed } = designOf(id)
  return (
    <svg
      className="art"
      viewBox="0 0 200 120"
      preserveAspectRatio="xMidYMid slice"
      stroke="currentColor"
      aria-hidden="true"
    >
      {motifs[motif](seededRandom(seed))}
    </svg>
  )
})

export const stockClass = (id: string): string => `stock-${designOf(id).stock}`
