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
    <div className={kind === 'bad' ? 'note bad' : 'note'} id={id} role={alert ? 'alert' : undefined}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  )
}
