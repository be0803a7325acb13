// A ticket in full: poster, text, and the stub with its facts.
import type { ReactNode } from 'react'
import type { Ticket } from '#api/types.ts'
import { longDateTime } from '#format/dates.ts'
import { DateTime } from './DateTime.tsx'
import { Poster, stockClass } from './poster/Poster.tsx'
import { venueAndCity } from './TicketCard.tsx'
import './BigTicket.css'

interface Props {
  ticket: Pick<Ticket, 'id' | 'title' | 'startsAt' | 'venue' | 'city'>
  title?: ReactNode
  description?: string | null
  /** The stub below the tear line. */
  children: ReactNode
}

export function BigTicket({ ticket, title, description, children }: Props) {
  const location = venueAndCity(ticket)
  return (
    <div className="lift">
      <article className={`big ${stockClass(ticket.id)}`}>
        <Poster id={ticket.id} />
        <div className="words">
          {title ?? <h2>{ticket.title}</h2>}
          <p className="day-of">
            {ticket.startsAt ? <DateTime value={ticket.startsAt} format={longDateTime} /> : 'Any day'}
          </p>
          {location && <p>{location}</p>}
          {description && <p className="description">{description}</p>}
        </div>
        {children}
      </article>
    </div>
  )
}
