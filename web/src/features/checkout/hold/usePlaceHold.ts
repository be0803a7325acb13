// Placing a hold: visitors sign in first; afterwards the order's page opens.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { hasStatus, NetworkError } from '#api/errors.ts'
import { placeHold } from '#api/orders.ts'
import { orderQuery, ordersQuery, ticketQuery } from '#api/queries.ts'
import type { Ticket } from '#api/types.ts'
import { useUser } from '#api/useUser.ts'
import { signInPath } from '#components/signInPath.ts'
import { clearPendingHold, savePendingHold } from './pendingHold.ts'

export function usePlaceHold() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { user } = useUser()
  const placing = useMutation({
    mutationFn: placeHold,
    retry: (failures, error) => error instanceof NetworkError && failures < 3,
    onSuccess: (order) => {
      clearPendingHold()
      client.setQueryData(orderQuery(order.id).queryKey, order)
      void client.invalidateQueries({ queryKey: ordersQuery.queryKey })
      void navigate(`/orders/${order.id}`)
    },
    onError: (error, request) => {
      if (hasStatus(error, 401)) return goToSignIn(request.ticketId)
      if (!(error instanceof NetworkError)) clearPendingHold()
      return client.invalidateQueries({ queryKey: ticketQuery(request.ticketId).queryKey })
    },
  })

  const goToSignIn = (ticketId: string) => navigate(signInPath(`/tickets/${ticketId}`))

  /** One decision of the buyer. After a lost connection the same choice keeps its key, so that it is held once. */
  const hold = (ticket: Ticket, quantity: number) => {
    if (placing.isPending) return
    const { price, version } = ticket
    const before = placing.error instanceof NetworkError ? placing.variables : undefined
    const isSame = before?.quantity === quantity && before.version === version
    const key = isSame ? before.key : crypto.randomUUID()
    const request = { ticketId: ticket.id, quantity, price, version, key }
    savePendingHold(request)
    if (user) placing.mutate(request)
    else void goToSignIn(ticket.id)
  }

  return {
    hold,
    resume: placing.mutate,
    isPending: placing.isPending,
    error: placing.error,
    reset: placing.reset,
  }
}
