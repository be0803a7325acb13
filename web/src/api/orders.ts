// Requests about orders: placing, prolonging and releasing a hold.
import { api, unwrap } from './client.ts'
import { listed } from './list.ts'
import { within } from './tickets.ts'
import type { Listed, Order } from './types.ts'

/** A decision to hold a ticket. Sent again under the same key, it is still one decision. */
export interface HoldIntention {
  ticketId: string
  quantity: number
  price: number
  key: string
}

export async function placeHold({ ticketId, quantity, price, key }: HoldIntention): Promise<Order> {
  const params = { header: { 'Idempotency-Key': key } }
  return unwrap(await api.POST('/api/orders', { params, body: { ticketId, quantity, price } }))
}

export async function readOrder(id: string, signal?: AbortSignal): Promise<Order> {
  return unwrap(await api.GET('/api/orders/{id}', { params: { path: { id } }, ...within(signal) }))
}

export async function myOrders(cursor: string | null, signal?: AbortSignal): Promise<Listed<Order>> {
  const query = { limit: 24, ...(cursor && { cursor }) }
  return listed(await api.GET('/api/orders', { params: { query }, ...within(signal) }))
}

export async function extendHold(id: string): Promise<Order> {
  return unwrap(await api.POST('/api/orders/{id}/extend', { params: { path: { id } } }))
}

export async function releaseHold(id: string): Promise<void> {
  unwrap(await api.DELETE('/api/orders/{id}', { params: { path: { id } } }))
}
