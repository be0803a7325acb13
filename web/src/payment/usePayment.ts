// The order's payment and Stripe, both ready; and what Stripe already knows about it after a reload.
import type { PaymentIntent } from '@stripe/stripe-js'
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { Refusal, Unreachable } from '../api/errors.ts'
import { startPayment } from '../api/payments.ts'
import { order } from '../api/queries.ts'
import type { Payment } from '../api/types.ts'
import { type Loaded, loadStripe } from './loadStripe.ts'

export interface Ready extends Loaded {
  clientSecret: string
  /** The bank already said yes, in a page that was closed or reloaded: nothing is left to pay. */
  isPaid: boolean
}

export function usePayment(orderId: string) {
  const cache = useQueryClient()
  return useQuery({
    queryKey: ['payment', orderId],
    queryFn: () => prepare(orderId).catch((cause: unknown) => lookAgain(cause, orderId, cache)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: (failures, error) => error instanceof Unreachable && failures < 3,
  })
}

async function prepare(orderId: string): Promise<Ready> {
  const [payment, loaded] = await Promise.all([startPayment(orderId), loadStripe()])
  if (!payment.clientSecret || saysPaid(payment)) return { ...loaded, clientSecret: '', isPaid: true }
  const { paymentIntent } = await loaded.stripe.retrievePaymentIntent(payment.clientSecret)
  return { ...loaded, clientSecret: payment.clientSecret, isPaid: bankSaidYes(paymentIntent) }
}

/** Who is refused has an order that is no longer as they know it: paid in another tab, or over. */
function lookAgain(cause: unknown, orderId: string, cache: QueryClient): never {
  if (cause instanceof Refusal) void cache.invalidateQueries({ queryKey: order(orderId).queryKey })
  throw cause
}

const saysPaid = ({ status }: Payment): boolean => status === 'authorized'

export function bankSaidYes(intent: PaymentIntent | undefined): boolean {
  return intent !== undefined && ['requires_capture', 'processing', 'succeeded'].includes(intent.status)
}
