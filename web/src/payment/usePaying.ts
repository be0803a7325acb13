// One press of "Pay": what the bank said, once, however often it is pressed.
import type { Stripe, StripeElements } from '@stripe/stripe-js'
import { useRef, useState } from 'react'
import { bankSaidYes } from './usePayment.ts'

export type Outcome =
  | { kind: 'idle' }
  | { kind: 'busy' }
  /** The bank said no: the hold and the form stand. */
  | { kind: 'declined'; message: string }
  /** Something in the form is missing or wrong; Stripe shows where. */
  | { kind: 'incomplete' }
  /** The connection broke: the bank may or may not have said yes. */
  | { kind: 'unsure' }

export function usePaying(stripe: Stripe, clientSecret: string, onPaid: () => void) {
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'idle' })
  const underway = useRef(false)

  const once = async (work: () => Promise<Outcome>) => {
    if (underway.current) return
    underway.current = true
    setOutcome({ kind: 'busy' })
    setOutcome(
      await work().finally(() => {
        underway.current = false
      }),
    )
  }

  const pay = (elements: StripeElements) =>
    once(async () => {
      const confirmParams = { return_url: window.location.href }
      const { error, paymentIntent } = await stripe.confirmPayment({
        elements,
        confirmParams,
        redirect: 'if_required',
      })
      if (bankSaidYes(error?.payment_intent ?? paymentIntent)) {
        onPaid()
        return { kind: 'busy' }
      }
      if (!error || error.type === 'api_connection_error' || error.type === 'api_error')
        return { kind: 'unsure' }
      if (error.type === 'validation_error') return { kind: 'incomplete' }
      return { kind: 'declined', message: error.message ?? 'Your bank said no.' }
    })

  /** After a broken connection: asks Stripe what became of it. */
  const check = () =>
    once(async () => {
      const { paymentIntent, error } = await stripe.retrievePaymentIntent(clientSecret)
      if (error) return { kind: 'unsure' }
      if (!bankSaidYes(paymentIntent)) return { kind: 'idle' }
      onPaid()
      return { kind: 'busy' }
    })

  return { outcome, pay, check }
}
