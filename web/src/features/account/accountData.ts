// Everything that Tiketz stores about a user, collected from the API.
import { serverNow } from '#api/clock.ts'
import { listOrders } from '#api/orders.ts'
import { getPayment } from '#api/payments.ts'
import { listOwnListings } from '#api/tickets.ts'
import type { Listing, Order, Payment, ResultPage, User } from '#api/types.ts'

export interface AccountData {
  exportedAt: string
  account: User
  listings: Listing[]
  orders: Order[]
  payments: Omit<Payment, 'clientSecret'>[]
}

export async function collectAccountData(account: User): Promise<AccountData> {
  const [listings, orders] = await Promise.all([fetchAllPages(listOwnListings), fetchAllPages(listOrders)])
  const payments = []
  for (const order of orders) {
    const payment = await getPayment(order.id)
    if (payment) payments.push(withoutSecret(payment))
  }
  return { exportedAt: new Date(serverNow()).toISOString(), account, listings, orders, payments }
}

async function fetchAllPages<T>(fetchPage: (cursor: string | null) => Promise<ResultPage<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: ResultPage<T> = await fetchPage(cursor)
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return items
}

/** The client secret lets a browser pay, and the file may be passed on. */
function withoutSecret({ clientSecret: _, ...payment }: Payment): Omit<Payment, 'clientSecret'> {
  return payment
}
