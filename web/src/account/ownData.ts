// Everything Tiketz can tell somebody about themselves, put together from the API.
import { serverNow } from '../api/clock.ts'
import { myOrders } from '../api/orders.ts'
import { readPayment } from '../api/payments.ts'
import { myListings } from '../api/tickets.ts'
import type { Listed, Listing, Order, Payment, User } from '../api/types.ts'

export interface OwnData {
  exportedAt: string
  account: User
  listings: Listing[]
  orders: Order[]
  payments: Omit<Payment, 'clientSecret'>[]
}

export async function ownData(account: User): Promise<OwnData> {
  const [listings, orders] = await Promise.all([everyPage(myListings), everyPage(myOrders)])
  const payments = []
  for (const order of orders) {
    const payment = await readPayment(order.id)
    if (payment) payments.push(withoutSecret(payment))
  }
  return { exportedAt: new Date(serverNow()).toISOString(), account, listings, orders, payments }
}

async function everyPage<T>(read: (cursor: string | null) => Promise<Listed<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: Listed<T> = await read(cursor)
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return items
}

/** What lets a browser pay is no fact about anybody, and a file may be passed on. */
function withoutSecret({ clientSecret: _, ...payment }: Payment): Omit<Payment, 'clientSecret'> {
  return payment
}
