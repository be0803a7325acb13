// A ticket in full: poster, text, and the stub with its facts.
import type { ReactNode } from 'react'
import type { Ticket } from '#api/types.ts'
import { longDateTime } from '#format/dates.ts'
import { withoutBidiControls } from '#format/userText.ts'
import { DateTime } from './DateTime.tsx'
import { Location } from './Location.tsx'
import { Poster, stockClass } from './poster/Poster.tsx'
import { UserText } from './UserText.tsx'
import './BigTicket.css'

interface Props {
  ticket: Pick<Ticket, 'id' | 'title' | 'startsAt' | 'timeZone' | 'venue' | 'city'>
  title?: ReactNode
  description?: string | null
  /** The stub below the tear line. */
  children: ReactNode
}

export function BigTicket({ ticket, title, description, children }: Props) {
  return (
    <div className="lift">
      <article className={`big ${stockClass(ticket.id)}`}>
        <Poster id={ticket.id} />
        <div className="words">
          {title ?? (
            <h2>
              <UserText>{ticket.title}</UserText>
            </h2>
          )}
          <p className="day-of">
            {ticket.startsAt ? (
              <DateTime value={ticket.startsAt} format={longDateTime} zone={ticket.timeZone} />
            ) : (
              'Any day'
            )}
          </p>
          <Location {...ticket} />
          {description && (
            <p className="description" dir="auto">
              {withoutBidiControls(description)}
            </p>
          )}
        </div>
        {children}
      </article>
    </div>
  )
}
