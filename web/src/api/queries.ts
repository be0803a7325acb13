// Server state: what the pages load, how fresh it must be, and the cache that holds it.
import {
  infiniteQueryOptions,
  MutationCache,
  QueryCache,
  QueryClient,
  queryOptions,
} from '@tanstack/react-query'
import { configQuery } from './config.ts'
import { hasStatus, NetworkError } from './errors.ts'
import { getOrder, listOrders } from './orders.ts'
import { getPayment } from './payments.ts'
import { getTicket, listOwnListings, searchTickets } from './tickets.ts'
import type { TicketQuery, User } from './types.ts'
import { getCurrentUser, getProfile, listSessions } from './users.ts'

const SECOND = 1000

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: getCurrentUser,
  staleTime: 60 * SECOND,
})

/** Fresh whenever the user comes back, as they may have opened a mailed link elsewhere. */
export const profileQuery = queryOptions({ queryKey: ['profile'], queryFn: getProfile })

export const sessionsQuery = queryOptions({ queryKey: ['sessions'], queryFn: listSessions })

export const ticketQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id],
    queryFn: ({ signal }) => getTicket(id, signal),
    staleTime: 5 * SECOND,
  })

/** A ticket that is polled while it is reserved, because it may come back at any moment. */
export const polledTicketQuery = (id: string) =>
  queryOptions({
    ...ticketQuery(id),
    refetchInterval: ({ state }) => (state.data?.status === 'reserved' ? 4 * SECOND : false),
  })

export const searchQuery = (query: TicketQuery) =>
  infiniteQueryOptions({
    queryKey: ['search', query],
    queryFn: ({ pageParam, signal }) =>
      searchTickets({ ...query, limit: 24, ...(pageParam && { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 15 * SECOND,
  })

/** A few tickets of a search. */
export const nearbyQuery = (query: TicketQuery, limit = 2) =>
  queryOptions({
    queryKey: ['nearby', query, limit],
    queryFn: ({ signal }) => searchTickets({ ...query, limit }, signal),
    staleTime: 15 * SECOND,
  })

export const listingsQuery = infiniteQueryOptions({
  queryKey: ['listings'],
  queryFn: ({ pageParam, signal }) => listOwnListings(pageParam, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})

export const orderQuery = (id: string) =>
  queryOptions({ queryKey: ['order', id], queryFn: ({ signal }) => getOrder(id, signal) })

export const ordersQuery = infiniteQueryOptions({
  queryKey: ['orders'],
  queryFn: ({ pageParam, signal }) => listOrders(pageParam, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})

/** The payment of an order, whose money may change long after the order has ended. */
export const paymentQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['payment', orderId],
    queryFn: () => getPayment(orderId),
    staleTime: 15 * SECOND,
  })

/** One cache per page load. A 401 that remains after a refresh means that the user is signed out. */
export function newQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (hasStatus(error, 401) && error.code !== 'wrong_password')
      client.setQueryData(sessionQuery.queryKey, null)
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // 'always': the service worker may respond where the network does not.
      queries: {
        networkMode: 'always',
        retry: (failures, error) => error instanceof NetworkError && failures < 2,
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}

const SHARED: unknown[] = [...sessionQuery.queryKey, ...configQuery.queryKey]

/** After signing in or out: what was loaded for the user before is removed. */
export function setUser(client: QueryClient, user: User | null): void {
  client.removeQueries({ predicate: ({ queryKey }) => !SHARED.includes(queryKey[0]) })
  client.setQueryData(sessionQuery.queryKey, user)
}
