// Requests about payments.
import { api, unwrap } from './client.ts'
import type { Payment } from './types.ts'

/** The order's one payment, created by the first request. */
export async function startPayment(orderId: string): Promise<Payment> {
  return unwrap(await api.POST('/api/payments', { body: { orderId } }))
}

/** The payment of one of the user's orders; null where no payment was started. */
export async function getPayment(orderId: string): Promise<Payment | null> {
  const result = await api.GET('/api/payments/{id}', { params: { path: { id: orderId } } })
  return result.response.status === 404 ? null : unwrap(result)
}
