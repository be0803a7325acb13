// A ticket in a list: a paper card whose whole face is one link.
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Ticket } from '#api/types.ts'
import type { DateFormat } from '#format/dates.ts'
import { DateTime } from './DateTime.tsx'
import { Location } from './Location.tsx'
import { Poster, stockClass } from './poster/Poster.tsx'
import { UserText } from './UserText.tsx'
import './TicketCard.css'

interface Props {
  ticket: Pick<Ticket, 'id' | 'title' | 'startsAt' | 'timeZone' | 'venue' | 'city'>
  to: string
  formatDate: DateFormat
  faded?: boolean
  level?: 'h2' | 'h3'
  /** The content of the stub. */
  children: ReactNode
}

export function TicketCard({ ticket, to, formatDate, faded = false, level: Title = 'h3', children }: Props) {
  return (
    <li className="lift">
      <article className={`ticket ${stockClass(ticket.id)} ${faded ? 'held' : ''}`}>
        <Poster id={ticket.id} />
        <div className="info">
          <Title className="title">
            <Link to={to}>
              <UserText>{ticket.title}</UserText>
            </Link>
          </Title>
          <p className="when">
            {ticket.startsAt ? (
              <DateTime value={ticket.startsAt} format={formatDate} zone={ticket.timeZone} />
            ) : (
              'Any day'
            )}
          </p>
          <Location className="where" {...ticket} />
        </div>
        <div className="stub">{children}</div>
      </article>
    </li>
  )
}
