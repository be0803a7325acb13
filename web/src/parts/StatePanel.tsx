// A page's answer in a few words: what happened and what to do.
import type { ReactNode } from 'react'

export function StatePanel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="state panel">
      <h2>{title}</h2>
      {children}
    </section>
  )
}
