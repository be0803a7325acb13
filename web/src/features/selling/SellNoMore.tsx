// Selling no more of a listing of which some is reserved or sold: its quantity becomes what is taken.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { listingsQuery, ticketQuery } from '#api/queries.ts'
import { updateTicket } from '#api/tickets.ts'
import type { Ticket } from '#api/types.ts'
import { ConfirmButton } from '#components/ConfirmButton.tsx'
import { Note } from '#components/Note.tsx'
import { count } from '#format/counts.ts'
import { taken } from './unitCounts.ts'
import './WithdrawListing.css'

export function SellNoMore({ ticket }: { ticket: Ticket }) {
  const client = useQueryClient()
  const { queryKey } = ticketQuery(ticket.id)
  const stopping = useMutation({
    mutationFn: () => updateTicket(ticket.id, ticket.version, { quantity: taken(ticket) }),
    onSuccess: (updated) => {
      client.setQueryData(queryKey, updated)
      return client.invalidateQueries({ queryKey: listingsQuery.queryKey })
    },
    onError: () => client.invalidateQueries({ queryKey }),
  })
  const left = count(ticket.available, 'ticket')
  return (
    <section className="withdraw" aria-labelledby="no-more-title">
      <h2 id="no-more-title">Sell no more</h2>
      {stopping.error && (
        <Note kind="bad" alert>
          {stopping.error.message}
        </Note>
      )}
      <p className="small muted" id="no-more-why">
        What is reserved or sold stays as it is. What is left is no longer for sale.
      </p>
      <ConfirmButton
        label="Sell no more"
        title={`Take ${left} off sale?`}
        confirm="Sell no more"
        busy="One moment…"
        cancel="Keep selling"
        mutation={stopping}
        describedBy="no-more-why"
      >
        <p>
          Nobody can buy {ticket.available === 1 ? 'it' : 'them'} any more. A reserved ticket that is not paid
          comes back for sale.
        </p>
      </ConfirmButton>
    </section>
  )
}
