// A boxed note: information (amber) or an error (red).
import type { ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import './Note.css'

interface Props {
  kind?: 'warn' | 'bad'
  icon?: 'warning' | 'lock' | 'cloud'
  id?: string
  alert?: boolean
  children: ReactNode
}

export function Note({ kind = 'warn', icon = 'warning', id, alert = false, children }: Props) {
  return (
    <div
      className={kind === 'bad' ? 'note bad' : 'note'}
      id={id}
      role={alert ? 'alert' : undefined}
      ref={alert ? scrollIntoView : undefined}
    >
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  )
}

/** Screen readers announce an alert; on the screen it may be behind a bar or out of view. */
function scrollIntoView(note: HTMLElement | null): void {
  note?.scrollIntoView({ block: 'nearest' })
}
