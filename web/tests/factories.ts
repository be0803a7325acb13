// Tickets, listings, orders and payments for tests.

import type { Config } from '#api/config.ts'
import type { Listing, Order, Payment, Ticket } from '#api/types.ts'
import limits from '../../docs/limits.json'

export { limits }

export const aConfig = (fields: Partial<Config> = {}): Config => ({
  stripeKey: 'pk_test_1',
  stripeJs: '/_local/stripe.js',
  holdSeconds: 900,
  limits,
  ...fields,
})

export const aTicket = (fields: Partial<Ticket> = {}): Ticket => ({
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
  ...fields,
})

export const aListing = (fields: Partial<Listing> = {}): Listing => ({
  ...aTicket(fields),
  reserved: 0,
  sold: 0,
  ...fields,
})

export const anOrder = (fields: Partial<Order> = {}): Order => ({
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
  ...fields,
})

export const aPayment = (fields: Partial<Payment> = {}): Payment => ({
  id: '0f0e0d0c-1111-5222-8333-444455556666',
  orderId: '0f0e0d0c-1111-5222-8333-444455556666',
  status: 'pending',
  amount: 4860,
  currency: 'eur',
  clientSecret: null,
  createdAt: '2026-11-22T12:00:00Z',
  version: 1,
  money: { refunded: 0, lost: 0, disputed: null, refundFailed: 0 },
  ...fields,
})
