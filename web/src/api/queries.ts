// Server state: what each page asks for, how fresh it must be, and the one cache that holds it.
import {
  infiniteQueryOptions,
  MutationCache,
  QueryCache,
  QueryClient,
  queryOptions,
} from '@tanstack/react-query'
import { isRefusal, Unreachable } from './errors.ts'
import { myOrders, readOrder } from './orders.ts'
import { findTickets, myListings, readTicket } from './tickets.ts'
import type { TicketQuery } from './types.ts'
import { whoIsHere } from './users.ts'

const SECOND = 1000

export const session = queryOptions({ queryKey: ['session'], queryFn: whoIsHere, staleTime: 60 * SECOND })

export const ticket = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id],
    queryFn: ({ signal }) => readTicket(id, signal),
    staleTime: 5 * SECOND,
  })

/** A ticket that is looked at again while somebody is paying for it: it may come back at any moment. */
export const watchedTicket = (id: string) =>
  queryOptions({
    ...ticket(id),
    refetchInterval: ({ state }) => (state.data?.status === 'reserved' ? 4 * SECOND : false),
  })

export const search = (query: TicketQuery) =>
  infiniteQueryOptions({
    queryKey: ['search', query],
    queryFn: ({ pageParam, signal }) =>
      findTickets({ ...query, limit: 24, ...(pageParam && { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 15 * SECOND,
  })

export const listings = infiniteQueryOptions({
  queryKey: ['listings'],
  queryFn: ({ pageParam, signal }) => myListings(pageParam, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})

export const order = (id: string) =>
  queryOptions({ queryKey: ['order', id], queryFn: ({ signal }) => readOrder(id, signal) })

export const orders = infiniteQueryOptions({
  queryKey: ['orders'],
  queryFn: ({ pageParam, signal }) => myOrders(pageParam, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})

/** One cache per page load. A 401 that survived a refresh means nobody is signed in any more. */
export function newQueryClient(): QueryClient {
  const noticeSignOut = (error: unknown) => {
    if (isRefusal(error, 401)) client.setQueryData(session.queryKey, null)
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: noticeSignOut }),
    mutationCache: new MutationCache({ onError: noticeSignOut }),
    defaultOptions: {
      // 'always': the service worker may answer where the network does not.
      queries: {
        networkMode: 'always',
        retry: (failures, error) => error instanceof Unreachable && failures < 2,
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}
