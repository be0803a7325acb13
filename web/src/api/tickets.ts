// Requests about tickets.
import { api, unwrap, withSignal } from './client.ts'
import { toResultPage } from './pagination.ts'
import type { Listing, NewTicket, ResultPage, Ticket, TicketChanges, TicketQuery } from './types.ts'

export async function searchTickets(query: TicketQuery, signal?: AbortSignal): Promise<ResultPage<Ticket>> {
  return toResultPage(await api.GET('/api/tickets', { params: { query }, ...withSignal(signal) }))
}

export async function listOwnListings(
  cursor: string | null,
  signal?: AbortSignal,
): Promise<ResultPage<Listing>> {
  const query = { limit: 24, ...(cursor && { cursor }) }
  return toResultPage(await api.GET('/api/tickets/mine', { params: { query }, ...withSignal(signal) }))
}

export async function getTicket(id: string, signal?: AbortSignal): Promise<Ticket> {
  return unwrap(await api.GET('/api/tickets/{id}', { params: { path: { id } }, ...withSignal(signal) }))
}

export async function createTicket(body: NewTicket): Promise<Ticket> {
  return unwrap(await api.POST('/api/tickets', { body }))
}

/** Raises ApiError: listing_changed when the listing changed since `version` was read. */
export async function updateTicket(id: string, version: number, body: TicketChanges): Promise<Ticket> {
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } }
  return unwrap(await api.PUT('/api/tickets/{id}', { params, body }))
}

export async function withdrawTicket(id: string): Promise<void> {
  unwrap(await api.DELETE('/api/tickets/{id}', { params: { path: { id } } }))
}
