// What to do next: part of its panel, and a bar at the bottom of a phone's screen.
import type { ReactNode } from 'react'
import './ActionBar.css'

export function ActionBar({ children }: { children: ReactNode }) {
  return <div className="action-bar">{children}</div>
}
