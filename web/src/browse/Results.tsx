// The cards that were found, under their days when the soonest come first.
import type { Ticket } from '../api/types.ts'
import { clockTime, dayName, localDay, shortMoment } from '../format/dates.ts'
import { When } from '../format/When.tsx'
import { Price } from '../parts/Price.tsx'
import { TicketCard } from '../parts/TicketCard.tsx'

interface Props {
  tickets: Ticket[]
  byDay: boolean
}

export function Results({ tickets, byDay }: Props) {
  if (!byDay) {
    return (
      <>
        <h2 className="sr">Tickets</h2>
        <Cards tickets={tickets} when={shortMoment} />
      </>
    )
  }
  return daysOf(tickets).map(({ day, startsAt, tickets }) => (
    <section key={day}>
      <h2 className="day-name">{startsAt ? <When at={startsAt} as={dayName} /> : 'Any day'}</h2>
      <Cards tickets={tickets} when={clockTime} />
    </section>
  ))
}

function Cards({ tickets, when }: { tickets: Ticket[]; when: (iso: string) => string }) {
  return (
    <ul className="list">
      {tickets.map((ticket) => {
        const free = ticket.status === 'available'
        return (
          <TicketCard key={ticket.id} ticket={ticket} to={`/tickets/${ticket.id}`} when={when} faded={!free}>
            {free ? <Offer ticket={ticket} /> : <Taken ticket={ticket} />}
          </TicketCard>
        )
      })}
    </ul>
  )
}

function Offer({ ticket }: { ticket: Ticket }) {
  return (
    <>
      <Price minor={ticket.price} currency={ticket.currency} />
      <small>{ticket.available === 1 ? '1 ticket' : `each, ${ticket.available} left`}</small>
    </>
  )
}

function Taken({ ticket }: { ticket: Ticket }) {
  if (ticket.status !== 'reserved')
    return <span className="tag">{ticket.status === 'sold' ? 'Sold' : 'Withdrawn'}</span>
  return (
    <>
      <span className="tag">On hold</span>
      <small>may come back</small>
    </>
  )
}

interface Day {
  day: string
  startsAt: string | null
  tickets: Ticket[]
}

/** Neighbours of one calendar day, in the order they came; undated tickets are a day of their own. */
export function daysOf(tickets: Ticket[]): Day[] {
  const days: Day[] = []
  for (const ticket of tickets) {
    const day = ticket.startsAt ? localDay(new Date(ticket.startsAt)) : 'any'
    const last = days.at(-1)
    if (last?.day === day) last.tickets.push(ticket)
    else days.push({ day, startsAt: ticket.startsAt, tickets: [ticket] })
  }
  return days
}
