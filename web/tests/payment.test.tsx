import type { Stripe, StripeElements } from '@stripe/stripe-js'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { orderQuery } from '#api/queries.ts'
import { checkStripeConfig } from '#features/checkout/payment/loadStripe.ts'
import { useConfirmPayment } from '#features/checkout/payment/useConfirmPayment.ts'
import { usePayment } from '#features/checkout/payment/usePayment.ts'
import { aConfig, anOrder } from './factories.ts'
import { json, problem, simulateNetwork } from './network.ts'

const elements = {} as StripeElements

/** A fake of Stripe.js. */
function fakeStripe(confirmPayment: () => Promise<unknown>, intent = 'requires_payment_method') {
  return {
    confirmPayment: vi.fn(confirmPayment),
    retrievePaymentIntent: vi.fn(async () => ({ paymentIntent: { status: intent } })),
  }
}

function renderConfirm(fake: ReturnType<typeof fakeStripe>) {
  const onPaid = vi.fn()
  const hook = renderHook(() => useConfirmPayment(fake as unknown as Stripe, 'secret', onPaid))
  return { onPaid, result: hook.result }
}

describe('Stripe.js', () => {
  it('must be Stripe’s own script for a live key', () => {
    const own = 'https://js.stripe.com/clover/stripe.js'
    expect(() => checkStripeConfig({ stripeKey: 'pk_live_x', stripeJs: own })).not.toThrow()
    expect(() => checkStripeConfig({ stripeKey: 'pk_test_x', stripeJs: '/_local/stripe.js' })).not.toThrow()
    for (const stripeJs of [
      '/_local/stripe.js',
      'https://js.stripe.com.evil.example/',
      'http://js.stripe.com/x.js',
    ]) {
      expect(() => checkStripeConfig({ stripeKey: 'pk_live_x', stripeJs })).toThrow(/live key/)
    }
  })
})

describe('preparing the payment', () => {
  it('refetches the order after an API error', async () => {
    simulateNetwork(({ path }) =>
      path === '/config.json'
        ? json(200, aConfig())
        : problem(409, 'This order is completed; there is nothing to pay.', { code: 'order_not_pending' }),
    )
    const cache = new QueryClient()
    cache.setQueryData(orderQuery('o1').queryKey, anOrder({ id: 'o1' }))
    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={cache}>{children}</QueryClientProvider>
    )
    const payment = renderHook(() => usePayment('o1'), { wrapper })
    await waitFor(() => expect(payment.result.current.isError).toBe(true))
    expect(cache.getQueryState(orderQuery('o1').queryKey)?.isInvalidated).toBe(true)
  })
})

describe('confirming the payment', () => {
  it('happens once for two clicks', async () => {
    const fake = fakeStripe(async () => ({ paymentIntent: { status: 'requires_capture' } }))
    const { result, onPaid } = renderConfirm(fake)
    await act(() => Promise.all([result.current.pay(elements), result.current.pay(elements)]))
    expect(fake.confirmPayment).toHaveBeenCalledTimes(1)
    expect(onPaid).toHaveBeenCalledTimes(1)
  })

  it('can be repeated after a decline', async () => {
    const fake = fakeStripe(async () => ({
      error: { type: 'card_error', message: 'Your card was declined.' },
    }))
    const { result, onPaid } = renderConfirm(fake)
    await act(() => result.current.pay(elements))
    expect(result.current.outcome).toEqual({ kind: 'declined', message: 'Your card was declined.' })
    await act(() => result.current.pay(elements))
    expect(fake.confirmPayment).toHaveBeenCalledTimes(2)
    expect(onPaid).not.toHaveBeenCalled()
  })

  it('reads the state from Stripe after a broken connection', async () => {
    const fake = fakeStripe(async () => ({ error: { type: 'api_connection_error' } }), 'requires_capture')
    const { result, onPaid } = renderConfirm(fake)
    await act(() => result.current.pay(elements))
    expect(result.current.outcome.kind).toBe('unknown')
    await act(() => result.current.check())
    expect(onPaid).toHaveBeenCalledTimes(1)
    expect(fake.confirmPayment).toHaveBeenCalledTimes(1)
  })

  it('reports an incomplete form', async () => {
    const { result } = renderConfirm(fakeStripe(async () => ({ error: { type: 'validation_error' } })))
    await act(() => result.current.pay(elements))
    expect(result.current.outcome.kind).toBe('incomplete')
  })
})
