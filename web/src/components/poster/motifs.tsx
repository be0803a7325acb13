// The six motifs, drawn in one colour on 200 × 120.
import type { ReactNode } from 'react'
import type { PosterDesign } from './design.ts'

type Draw = (random: () => number) => ReactNode

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

const rings: Draw = (random) => {
  const [x, y] = [30 + random() * 140, 30 + random() * 60]
  return (
    <>
      {range(14).map((i) => (
        <circle key={i} cx={x} cy={y} r={(i + 1) * 10} fill="none" strokeWidth={i % 3 === 2 ? 6 : 2.4} />
      ))}
      <circle cx={x} cy={y} r={7} fill="currentColor" stroke="none" />
    </>
  )
}

const rays: Draw = (random) => {
  const x = 40 + random() * 120
  const tip = (turn: number) => `${x + 300 * Math.cos(turn)} ${112 + 300 * Math.sin(turn)}`
  const wedge = (i: number) =>
    `M${x} 112 L${tip((i / 26) * 2 * Math.PI)} L${tip(((i + 0.5) / 26) * 2 * Math.PI)} Z`
  return (
    <>
      <path d={range(26).map(wedge).join('')} fill="currentColor" stroke="none" />
      <circle cx={x} cy={112} r={34} fill="var(--stock)" strokeWidth={5} />
    </>
  )
}

const waves: Draw = (random) =>
  range(11).map((i) => {
    const d = `M-10 ${6 + i * 12} q 27 ${-2 * (4 + random() * 9)} 55 0 t 55 0 t 55 0 t 55 0`
    return <path key={i} d={d} fill="none" strokeWidth={1.5 + i * 0.55} />
  })

const dots: Draw = (random) => {
  const [fx, fy] = [random() * 200, random() * 120]
  const dot = (x: number, y: number) => {
    const [cx, cy] = [x * 10 + (y % 2) * 5, y * 10]
    const r = Math.max(0.5, 5.4 - Math.hypot(cx - fx, cy - fy) / 30).toFixed(2)
    return `M${cx} ${cy} m-${r} 0 a${r} ${r} 0 1 0 ${2 * Number(r)} 0 a${r} ${r} 0 1 0 -${2 * Number(r)} 0`
  }
  const d = range(21).flatMap((x) => range(13).map((y) => dot(x, y)))
  return <path d={d.join('')} fill="currentColor" stroke="none" />
}

const arches: Draw = () =>
  range(5).flatMap((column) =>
    range(4).map((ring) => {
      const w = 36 - ring * 10
      const top = 40 + (column % 2) * 26 + ring * 3
      const d = `M${22 + column * 40 - w / 2} 124 V${top} a${w / 2} ${w / 2} 0 0 1 ${w} 0 V124`
      const fill = ring === 3 ? 'currentColor' : 'none'
      return <path key={`${column}.${ring}`} d={d} fill={fill} strokeWidth={3} />
    }),
  )

const blocks: Draw = (random) => {
  const shapes = [
    () => '',
    (x: number, y: number) => `M${x} ${y} h20 v20 Z`,
    (x: number, y: number) => `M${x} ${y} a20 20 0 0 1 20 20 H${x} Z`,
    (x: number, y: number) => `M${x + 20} ${y} v20 h-20 Z`,
    (x: number, y: number) => `M${x + 6} ${y + 10} a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0`,
  ]
  const d = range(10).flatMap((x) =>
    range(6).map((y) => shapes[Math.floor(random() * shapes.length)]?.(x * 20, y * 20) ?? ''),
  )
  return <path d={d.join('')} fill="currentColor" stroke="none" />
}

export const motifs: Record<PosterDesign['motif'], Draw> = { rings, rays, waves, dots, arches, blocks }
