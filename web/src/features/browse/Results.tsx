// The matching tickets, grouped by day when sorted by date.
import type { Ticket } from '#api/types.ts'
import { DateTime } from '#components/DateTime.tsx'
import { Price } from '#components/Price.tsx'
import { TicketCard } from '#components/TicketCard.tsx'
import { clockTime, dayName, localDay, shortDateTime } from '#format/dates.ts'
import './Results.css'

interface Props {
  tickets: Ticket[]
  byDay: boolean
}

export function Results({ tickets, byDay }: Props) {
  if (!byDay) {
    return (
      <>
        <h2 className="sr">Tickets</h2>
        <Cards tickets={tickets} formatDate={shortDateTime} />
      </>
    )
  }
  return groupByDay(tickets).map(({ day, startsAt, tickets }) => (
    <section key={day}>
      <h2 className="day-name">{startsAt ? <DateTime value={startsAt} format={dayName} /> : 'Any day'}</h2>
      <Cards tickets={tickets} formatDate={clockTime} />
    </section>
  ))
}

function Cards({ tickets, formatDate }: { tickets: Ticket[]; formatDate: (iso: string) => string }) {
  return (
    <ul className="list">
      {tickets.map((ticket) => {
        const isFree = ticket.status === 'available'
        return (
          <TicketCard
            key={ticket.id}
            ticket={ticket}
            to={`/tickets/${ticket.id}`}
            formatDate={formatDate}
            faded={!isFree}
          >
            {isFree ? <PriceStub ticket={ticket} /> : <StatusStub ticket={ticket} />}
          </TicketCard>
        )
      })}
    </ul>
  )
}

function PriceStub({ ticket }: { ticket: Ticket }) {
  return (
    <>
      <Price minor={ticket.price} currency={ticket.currency} />
      <small>{ticket.available === 1 ? '1 ticket' : `each, ${ticket.available} left`}</small>
    </>
  )
}

function StatusStub({ ticket }: { ticket: Ticket }) {
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

/** Consecutive tickets of one calendar day, in their order; undated tickets form a group of their own. */
export function groupByDay(tickets: Ticket[]): Day[] {
  const days: Day[] = []
  for (const ticket of tickets) {
    const day = ticket.startsAt ? localDay(new Date(ticket.startsAt)) : 'any'
    const last = days.at(-1)
    if (last?.day === day) last.tickets.push(ticket)
    else days.push({ day, startsAt: ticket.startsAt, tickets: [ticket] })
  }
  return days
}
