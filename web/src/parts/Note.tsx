// A boxed remark: something to know (amber) or something that went wrong (red).
import type { ReactNode } from 'react'
import { Icon } from './Icon.tsx'

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
      ref={alert ? show : undefined}
    >
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  )
}

/** An alert that comes up behind a bar, or off the screen, would be heard but not seen. */
function show(note: HTMLElement | null): void {
  note?.scrollIntoView({ block: 'nearest' })
}
