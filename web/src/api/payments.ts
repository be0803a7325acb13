// Requests about payments.
import { api, unwrap } from './client.ts'
import { toApiError } from './errors.ts'
import type { Payment } from './types.ts'

/** The order's one payment, created by the first request. Raises ApiError 404 for an order that stays unknown. */
export async function startPayment(orderId: string): Promise<Payment> {
  const header = { Prefer: 'respond-async' } // an order not known yet is 202, which is no error in the console
  const result = await api.POST('/api/payments', { body: { orderId }, params: { header } })
  const { response } = result
  if (response.status === 202) throw toApiError(404, { code: 'payment_unknown' })
  return unwrap<Payment>(result as { data?: Payment; error?: unknown; response: Response })
}

/** The payment of one of the user's orders; null where no payment was started. */
export async function getPayment(orderId: string): Promise<Payment | null> {
  const result = await api.GET('/api/payments/{id}', { params: { path: { id: orderId } } })
  return result.response.status === 404 ? null : unwrap(result)
}
