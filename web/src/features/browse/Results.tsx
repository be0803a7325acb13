// The matching tickets, grouped by day when sorted by date.
import type { Ticket } from '#api/types.ts'
import { DateTime } from '#components/DateTime.tsx'
import { Price } from '#components/Price.tsx'
import { TicketCard } from '#components/TicketCard.tsx'
import { clockTime, type DateFormat, dayName, localDay, shortDateTime } from '#format/dates.ts'
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
  return groupByDay(tickets).map(({ day, first, tickets }) => (
    <section key={day}>
      <h2 className="day-name">
        {first.startsAt ? (
          <DateTime value={first.startsAt} format={dayName} zone={first.timeZone} isDay />
        ) : (
          'Any day'
        )}
      </h2>
      <Cards tickets={tickets} formatDate={clockTime} />
    </section>
  ))
}

export function Cards({ tickets, formatDate }: { tickets: Ticket[]; formatDate: DateFormat }) {
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

/** Whether most days have one ticket: then the date is on the cards, and the list flows. */
export const isSparse = (tickets: Ticket[]): boolean => tickets.length < 2 * groupByDay(tickets).length

interface Day {
  day: string
  first: Ticket
  tickets: Ticket[]
}

const ANY_DAY = 'any' // after every date

/** Tickets by calendar day at their venues, which need not be in the order of their times; undated tickets last. */
export function groupByDay(tickets: Ticket[]): Day[] {
  const days = new Map<string, Day>()
  for (const ticket of tickets) {
    const day = ticket.startsAt ? localDay(ticket.startsAt, ticket.timeZone) : ANY_DAY
    const group = days.get(day)
    if (group) group.tickets.push(ticket)
    else days.set(day, { day, first: ticket, tickets: [ticket] })
  }
  return [...days.values()].sort((one, other) => (one.day < other.day ? -1 : 1))
}
