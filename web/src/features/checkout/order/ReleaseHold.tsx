// Giving up a held ticket: confirmed, because somebody else may take it at once.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { releaseHold } from '#api/orders.ts'
import { orderQuery, ordersQuery, ticketQuery } from '#api/queries.ts'
import type { Order } from '#api/types.ts'
import { ConfirmButton } from '#components/ConfirmButton.tsx'
import { Note } from '#components/Note.tsx'
import { describeFailure } from './describeFailure.ts'
import './ReleaseHold.css'

export function ReleaseHold({ order }: { order: Order }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const release = useMutation({
    mutationFn: () => releaseHold(order.id),
    onSuccess: async () => {
      await navigate(`/tickets/${order.ticket.id}`)
      client.removeQueries({ queryKey: orderQuery(order.id).queryKey })
      await client.invalidateQueries({ queryKey: ordersQuery.queryKey })
      await client.invalidateQueries({ queryKey: ticketQuery(order.ticket.id).queryKey })
    },
    onError: () => client.invalidateQueries({ queryKey: orderQuery(order.id).queryKey }),
  })
  const tickets = order.quantity === 1 ? 'ticket' : 'tickets'
  return (
    <>
      {release.error && (
        <Note kind="bad" alert>
          {describeFailure(release.error)}
        </Note>
      )}
      <ConfirmButton
        label={`Release the ${tickets}`}
        title={`Release your ${tickets}?`}
        confirm="Release"
        busy="Releasing…"
        cancel="Keep holding"
        className="as-link small release"
        mutation={release}
      >
        <p>Somebody else can buy {order.quantity === 1 ? 'it' : 'them'} at once. You are not charged.</p>
      </ConfirmButton>
    </>
  )
}
