// The orders that the user holds and has not paid, the one that ends first at the front.
import { useInfiniteQuery } from '@tanstack/react-query'
import { serverNow } from '#api/clock.ts'
import { ordersQuery } from '#api/queries.ts'
import type { Order } from '#api/types.ts'
import { useUser } from '#api/useUser.ts'

const FRESH_FOR = 30_000 // milliseconds

export const isHeld = (order: Order): boolean =>
  order.status === 'pending' && Date.parse(order.expiresAt) > serverNow()

export function useHeldOrders(): Order[] {
  const { user } = useUser()
  const { data } = useInfiniteQuery({ ...ordersQuery, enabled: user !== null, staleTime: FRESH_FOR })
  const orders = data?.pages.flatMap((page) => page.items) ?? []
  return orders.filter(isHeld).sort((one, other) => (one.expiresAt < other.expiresAt ? -1 : 1))
}
