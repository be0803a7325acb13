// A ticket in a list: a paper card whose whole face is one link.
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Ticket } from '../api/types.ts'
import { When } from '../format/When.tsx'
import { Poster, stockClass } from '../poster/Poster.tsx'

interface Props {
  ticket: Pick<Ticket, 'id' | 'title' | 'startsAt' | 'venue' | 'city'>
  to: string
  when: (iso: string) => string
  faded?: boolean
  level?: 'h2' | 'h3'
  /** What is written on the stub that tears off. */
  children: ReactNode
}

export function TicketCard({ ticket, to, when, faded = false, level: Title = 'h3', children }: Props) {
  const place = placeOf(ticket)
  return (
    <li className="lift">
      <article className={`ticket ${stockClass(ticket.id)} ${faded ? 'held' : ''}`}>
        <Poster id={ticket.id} />
        <div className="info">
          <Title className="title">
            <Link to={to}>{ticket.title}</Link>
          </Title>
          <p className="when">{ticket.startsAt ? <When at={ticket.startsAt} as={when} /> : 'Any day'}</p>
          {place && <p className="where">{place}</p>}
        </div>
        <div className="stub">{children}</div>
      </article>
    </li>
  )
}

export const placeOf = (at: { venue: string | null; city: string | null }): string =>
  [at.venue, at.city].filter(Boolean).join(', ')
