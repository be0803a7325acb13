// A ticket in a list: a paper card whose whole face is one link.
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Ticket } from '#api/types.ts'
import { DateTime } from './DateTime.tsx'
import { Poster, stockClass } from './poster/Poster.tsx'
import './TicketCard.css'

interface Props {
  ticket: Pick<Ticket, 'id' | 'title' | 'startsAt' | 'venue' | 'city'>
  to: string
  formatDate: (iso: string) => string
  faded?: boolean
  level?: 'h2' | 'h3'
  /** The content of the stub. */
  children: ReactNode
}

export function TicketCard({ ticket, to, formatDate, faded = false, level: Title = 'h3', children }: Props) {
  const location = venueAndCity(ticket)
  return (
    <li className="lift">
      <article className={`ticket ${stockClass(ticket.id)} ${faded ? 'held' : ''}`}>
        <Poster id={ticket.id} />
        <div className="info">
          <Title className="title">
            <Link to={to}>{ticket.title}</Link>
          </Title>
          <p className="when">
            {ticket.startsAt ? <DateTime value={ticket.startsAt} format={formatDate} /> : 'Any day'}
          </p>
          {location && <p className="where">{location}</p>}
        </div>
        <div className="stub">{children}</div>
      </article>
    </li>
  )
}

export const venueAndCity = (ticket: { venue: string | null; city: string | null }): string =>
  [ticket.venue, ticket.city].filter(Boolean).join(', ')
