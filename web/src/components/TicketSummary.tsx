// A ticket beside a form: a smaller one than on its own page.
import type { ComponentProps, ReactNode } from 'react'
import { BigTicket } from './BigTicket.tsx'
import './TicketSummary.css'

interface Props {
  label: string
  ticket: ComponentProps<typeof BigTicket>['ticket']
  /** A preview follows its form on phones; other summaries precede theirs. */
  isPreview?: boolean
  /** Below the ticket. */
  note?: ReactNode
  /** The content of the stub. */
  children: ReactNode
}

export function TicketSummary({ label, ticket, isPreview = false, note, children }: Props) {
  return (
    <aside className={isPreview ? 'summary preview' : 'summary'} aria-label={label}>
      <BigTicket ticket={ticket}>
        <dl className="facts">{children}</dl>
      </BigTicket>
      {note && <p className="small muted under">{note}</p>}
    </aside>
  )
}
