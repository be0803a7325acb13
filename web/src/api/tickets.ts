// Requests about tickets.
import { api, unwrap } from './client.ts'
import { listed } from './list.ts'
import type { Listed, Listing, NewTicket, Ticket, TicketChanges, TicketQuery } from './types.ts'

export async function findTickets(query: TicketQuery, signal?: AbortSignal): Promise<Listed<Ticket>> {
  return listed(await api.GET('/api/tickets', { params: { query }, ...within(signal) }))
}

export async function myListings(cursor: string | null, signal?: AbortSignal): Promise<Listed<Listing>> {
  const query = { limit: 24, ...(cursor && { cursor }) }
  return listed(await api.GET('/api/tickets/mine', { params: { query }, ...within(signal) }))
}

export async function readTicket(id: string, signal?: AbortSignal): Promise<Ticket> {
  return unwrap(await api.GET('/api/tickets/{id}', { params: { path: { id } }, ...within(signal) }))
}

export async function listTicket(body: NewTicket): Promise<Ticket> {
  return unwrap(await api.POST('/api/tickets', { body }))
}

/** Raises a 412 Refusal when somebody changed the listing since `version` was read. */
export async function changeTicket(id: string, version: number, body: TicketChanges): Promise<Ticket> {
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } }
  return unwrap(await api.PUT('/api/tickets/{id}', { params, body }))
}

export async function withdrawTicket(id: string): Promise<void> {
  unwrap(await api.DELETE('/api/tickets/{id}', { params: { path: { id } } }))
}

export const within = (signal: AbortSignal | undefined) => (signal ? { signal } : {})
