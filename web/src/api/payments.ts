// Requests about payments, and the public settings of the payment form.
import { api, unwrap } from './client.ts'
import { NetworkError, toApiError } from './errors.ts'
import type { Payment } from './types.ts'

export interface Config {
  stripeKey: string
  stripeJs: string
}

/** The order's one payment, created by the first request. */
export async function startPayment(orderId: string): Promise<Payment> {
  return unwrap(await api.POST('/api/payments', { body: { orderId } }))
}

/** The payment of one of the user's orders; null where no payment was started. */
export async function getPayment(orderId: string): Promise<Payment | null> {
  const result = await api.GET('/api/payments/{id}', { params: { path: { id: orderId } } })
  return result.response.status === 404 ? null : unwrap(result)
}

export async function readConfig(): Promise<Config> {
  const response = await fetch('/config.json').catch((cause: unknown) => {
    throw new NetworkError({ cause })
  })
  if (!response.ok) throw toApiError(response.status, null)
  return response.json() as Promise<Config>
}
