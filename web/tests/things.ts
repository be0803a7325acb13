// A ticket and an order to test with.
import type { Order, Ticket } from '../src/api/types.ts'

export const aTicket = (some: Partial<Ticket> = {}): Ticket => ({
  id: 'marble-arcade',
  title: 'Marble Arcade',
  price: 4860,
  currency: 'eur',
  quantity: 1,
  available: 1,
  status: 'available',
  sellerId: 'maren',
  userId: 'maren',
  startsAt: '2026-12-04T19:00:00Z',
  venue: 'Halcyon Hall',
  city: 'Rotterdam',
  category: 'Music',
  description: null,
  version: 1,
  createdAt: '2026-11-22T12:00:00Z',
  ...some,
})

export const anOrder = (some: Partial<Order> = {}): Order => ({
  id: '0f0e0d0c-1111-5222-8333-444455556666',
  userId: 'ada',
  status: 'pending',
  quantity: 1,
  total: 4860,
  currency: 'eur',
  expiresAt: '2026-11-22T12:15:00Z',
  createdAt: '2026-11-22T12:00:00Z',
  extensions: 0,
  version: 1,
  ticket: {
    id: 'marble-arcade',
    title: 'Marble Arcade',
    price: 4860,
    startsAt: '2026-12-04T19:00:00Z',
    venue: 'Halcyon Hall',
    city: 'Rotterdam',
  },
  ...some,
})
