// Requests about payments, and the public settings of the payment form.
import { api, unwrap } from './client.ts'
import { refusalOf, Unreachable } from './errors.ts'
import type { Payment } from './types.ts'

export interface Config {
  stripeKey: string
  stripeJs: string
}

/** The order's one payment, made when it is first asked for. */
export async function startPayment(orderId: string): Promise<Payment> {
  return unwrap(await api.POST('/api/payments', { body: { orderId } }))
}

/** The payment of an order of one's own; null where nobody has begun to pay. */
export async function readPayment(orderId: string): Promise<Payment | null> {
  const answer = await api.GET('/api/payments/{id}', { params: { path: { id: orderId } } })
  return answer.response.status === 404 ? null : unwrap(answer)
}

export async function readConfig(): Promise<Config> {
  const answer = await fetch('/config.json').catch((cause: unknown) => {
    throw new Unreachable({ cause })
  })
  if (!answer.ok) throw refusalOf(answer.status, null)
  return answer.json() as Promise<Config>
}
