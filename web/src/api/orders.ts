// Requests about orders: placing, extending and releasing a hold.
import { api, unwrap, withSignal } from './client.ts'
import { toResultPage } from './pagination.ts'
import type { Order, ResultPage } from './types.ts'

/** A buyer's decision to hold a ticket. Repeated under the same key, it places one order. */
export interface HoldRequest {
  ticketId: string
  quantity: number
  price: number
  /** The listing as the buyer saw it; absent in a hold that an older client kept. */
  version?: number
  key: string
}

export async function placeHold({ key, ...body }: HoldRequest): Promise<Order> {
  const params = { header: { 'Idempotency-Key': key } }
  return unwrap(await api.POST('/api/orders', { params, body }))
}

export async function getOrder(id: string, signal?: AbortSignal): Promise<Order> {
  return unwrap(await api.GET('/api/orders/{id}', { params: { path: { id } }, ...withSignal(signal) }))
}

export async function listOrders(cursor: string | null, signal?: AbortSignal): Promise<ResultPage<Order>> {
  const query = { limit: 24, ...(cursor && { cursor }) }
  return toResultPage(await api.GET('/api/orders', { params: { query }, ...withSignal(signal) }))
}

export async function extendHold(id: string): Promise<Order> {
  return unwrap(await api.POST('/api/orders/{id}/extend', { params: { path: { id } } }))
}

export async function releaseHold(id: string): Promise<void> {
  unwrap(await api.DELETE('/api/orders/{id}', { params: { path: { id } } }))
}
