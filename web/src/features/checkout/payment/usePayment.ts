// The order’s payment and Stripe.js, and whether the payment is authorized already, as after a reload.
import type { PaymentIntent } from '@stripe/stripe-js'
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { configQuery } from '#api/config.ts'
import { ApiError, NetworkError } from '#api/errors.ts'
import { startPayment } from '#api/payments.ts'
import { orderQuery } from '#api/queries.ts'
import { type LoadedStripe, loadStripe } from './loadStripe.ts'

export interface PreparedPayment extends LoadedStripe {
  clientSecret: string
  /** Authorized in a page that was closed or reloaded: nothing is left to pay. */
  isPaid: boolean
}

export function usePayment(orderId: string) {
  const client = useQueryClient()
  return useQuery({
    queryKey: ['payment', orderId],
    queryFn: () => prepare(orderId, client).catch((cause: unknown) => refetchOrder(cause, orderId, client)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: (failures, error) => error instanceof NetworkError && failures < 3,
  })
}

async function prepare(orderId: string, client: QueryClient): Promise<PreparedPayment> {
  const stripe = client.fetchQuery(configQuery).then(loadStripe)
  const [payment, loaded] = await Promise.all([startPayment(orderId), stripe])
  if (!payment.clientSecret || payment.status === 'authorized')
    return { ...loaded, clientSecret: '', isPaid: true }
  const { paymentIntent } = await loaded.stripe.retrievePaymentIntent(payment.clientSecret)
  return { ...loaded, clientSecret: payment.clientSecret, isPaid: isAuthorized(paymentIntent) }
}

/** An API error means that the order has changed: it was paid in another tab, or has ended. */
function refetchOrder(cause: unknown, orderId: string, client: QueryClient): never {
  if (cause instanceof ApiError) void client.invalidateQueries({ queryKey: orderQuery(orderId).queryKey })
  throw cause
}

export function isAuthorized(intent: PaymentIntent | undefined): boolean {
  return intent !== undefined && ['requires_capture', 'processing', 'succeeded'].includes(intent.status)
}
