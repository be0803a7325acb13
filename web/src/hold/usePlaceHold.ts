// Placing a hold: sign in first where needed, one key per decision, then on to the order.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { isRefusal, Unreachable } from '../api/errors.ts'
import { placeHold } from '../api/orders.ts'
import { order, orders, ticket } from '../api/queries.ts'
import { signInPath } from '../session/next.ts'
import { useUser } from '../session/useUser.ts'
import { forgetHold, rememberHold } from './intention.ts'

export interface Wish {
  ticketId: string
  quantity: number
  price: number
}

export function usePlaceHold() {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const { user } = useUser()
  const placing = useMutation({
    mutationFn: placeHold,
    retry: (failures, error) => error instanceof Unreachable && failures < 3,
    onSuccess: (placed) => {
      forgetHold()
      cache.setQueryData(order(placed.id).queryKey, placed)
      void cache.invalidateQueries({ queryKey: orders.queryKey })
      void navigate(`/orders/${placed.id}`)
    },
    onError: (error, intention) => {
      if (isRefusal(error, 401)) return signInFirst(intention.ticketId)
      if (!(error instanceof Unreachable)) forgetHold()
      return cache.invalidateQueries({ queryKey: ticket(intention.ticketId).queryKey })
    },
  })

  const signInFirst = (ticketId: string) => navigate(signInPath(`/tickets/${ticketId}`))

  /** One decision by the buyer. After a lost connection the same wish keeps its key, so it is held once. */
  const hold = (wish: Wish) => {
    if (placing.isPending) return
    const before = placing.error instanceof Unreachable ? placing.variables : undefined
    const same = before && before.quantity === wish.quantity && before.price === wish.price
    const intention = { ...wish, key: same ? before.key : crypto.randomUUID() }
    rememberHold(intention)
    if (user) placing.mutate(intention)
    else void signInFirst(wish.ticketId)
  }

  return {
    hold,
    resume: placing.mutate,
    isPending: placing.isPending,
    error: placing.error,
    reset: placing.reset,
  }
}
