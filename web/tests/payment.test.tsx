import type { Stripe, StripeElements } from '@stripe/stripe-js'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { order } from '../src/api/queries.ts'
import { checkConfig } from '../src/payment/loadStripe.ts'
import { usePaying } from '../src/payment/usePaying.ts'
import { usePayment } from '../src/payment/usePayment.ts'
import { anOrder } from './things.ts'
import { network, refusal } from './world.ts'

const elements = {} as StripeElements

/** Stripe, as far as paying needs it. */
function stripe(confirmPayment: () => Promise<unknown>, intent = 'requires_payment_method') {
  return {
    confirmPayment: vi.fn(confirmPayment),
    retrievePaymentIntent: vi.fn(async () => ({ paymentIntent: { status: intent } })),
  }
}

function paying(fake: ReturnType<typeof stripe>) {
  const onPaid = vi.fn()
  const hook = renderHook(() => usePaying(fake as unknown as Stripe, 'secret', onPaid))
  return { onPaid, now: hook.result }
}

describe('Stripe’s script', () => {
  it('is Stripe’s own when the key is live', () => {
    const own = 'https://js.stripe.com/clover/stripe.js'
    expect(() => checkConfig({ stripeKey: 'pk_live_x', stripeJs: own })).not.toThrow()
    expect(() => checkConfig({ stripeKey: 'pk_test_x', stripeJs: '/_local/stripe.js' })).not.toThrow()
    for (const stripeJs of [
      '/_local/stripe.js',
      'https://js.stripe.com.evil.example/',
      'http://js.stripe.com/x.js',
    ]) {
      expect(() => checkConfig({ stripeKey: 'pk_live_x', stripeJs })).toThrow(/live key/)
    }
  })
})

describe('getting ready', () => {
  it('looks at the order again when it is refused, for it was paid elsewhere or is over', async () => {
    network(refusal(409, 'This order is completed; there is nothing to pay.'))
    const cache = new QueryClient()
    cache.setQueryData(order('o1').queryKey, anOrder({ id: 'o1' }))
    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={cache}>{children}</QueryClientProvider>
    )
    const payment = renderHook(() => usePayment('o1'), { wrapper })
    await waitFor(() => expect(payment.result.current.isError).toBe(true))
    expect(cache.getQueryState(order('o1').queryKey)?.isInvalidated).toBe(true)
  })
})

describe('paying', () => {
  it('once, however often the button is pressed', async () => {
    const fake = stripe(async () => ({ paymentIntent: { status: 'requires_capture' } }))
    const { now, onPaid } = paying(fake)
    await act(() => Promise.all([now.current.pay(elements), now.current.pay(elements)]))
    expect(fake.confirmPayment).toHaveBeenCalledTimes(1)
    expect(onPaid).toHaveBeenCalledTimes(1)
  })

  it('can be tried again after a decline', async () => {
    const fake = stripe(async () => ({ error: { type: 'card_error', message: 'Your card was declined.' } }))
    const { now, onPaid } = paying(fake)
    await act(() => now.current.pay(elements))
    expect(now.current.outcome).toEqual({ kind: 'declined', message: 'Your card was declined.' })
    await act(() => now.current.pay(elements))
    expect(fake.confirmPayment).toHaveBeenCalledTimes(2)
    expect(onPaid).not.toHaveBeenCalled()
  })

  it('does not guess when the connection breaks: it asks Stripe', async () => {
    const fake = stripe(async () => ({ error: { type: 'api_connection_error' } }), 'requires_capture')
    const { now, onPaid } = paying(fake)
    await act(() => now.current.pay(elements))
    expect(now.current.outcome.kind).toBe('unsure')
    await act(() => now.current.check())
    expect(onPaid).toHaveBeenCalledTimes(1)
    expect(fake.confirmPayment).toHaveBeenCalledTimes(1)
  })

  it('is not refused by a form that is not filled in', async () => {
    const { now } = paying(stripe(async () => ({ error: { type: 'validation_error' } })))
    await act(() => now.current.pay(elements))
    expect(now.current.outcome.kind).toBe('incomplete')
  })
})
