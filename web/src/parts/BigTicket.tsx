// A ticket in full: poster, words, and the stub with its facts.
import type { ReactNode } from 'react'
import type { Ticket } from '../api/types.ts'
import { moment } from '../format/dates.ts'
import { When } from '../format/When.tsx'
import { Poster, stockClass } from '../poster/Poster.tsx'
import { placeOf } from './TicketCard.tsx'

interface Props {
  ticket: Pick<Ticket, 'id' | 'title' | 'startsAt' | 'venue' | 'city'>
  title?: ReactNode
  description?: string | null
  /** The stub below the tear line. */
  children: ReactNode
}

export function BigTicket({ ticket, title, description, children }: Props) {
  const place = placeOf(ticket)
  return (
    <div className="lift">
      <article className={`big ${stockClass(ticket.id)}`}>
        <Poster id={ticket.id} />
        <div className="words">
          {title ?? <h2>{ticket.title}</h2>}
          <p className="day-of">{ticket.startsAt ? <When at={ticket.startsAt} as={moment} /> : 'Any day'}</p>
          {place && <p>{place}</p>}
          {description && <p className="description">{description}</p>}
        </div>
        {children}
      </article>
    </div>
  )
}
