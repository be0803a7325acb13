// Confirming the payment with the bank, once however often the button is pressed.
import type { Stripe, StripeElements } from '@stripe/stripe-js'
import { useEffect, useRef, useState } from 'react'
import { isAuthorized } from './usePayment.ts'

export type Outcome =
  | { kind: 'idle' }
  | { kind: 'busy' }
  /** The bank declined: the hold and the form remain. */
  | { kind: 'declined'; message: string }
  /** A field of the form is missing or invalid; Stripe shows which one. */
  | { kind: 'incomplete' }
  /** The connection broke: the bank may have authorized the payment or not. */
  | { kind: 'unknown' }

export function useConfirmPayment(stripe: Stripe, clientSecret: string, onPaid: () => void) {
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'idle' })
  const isRunning = useRef(false)

  // The bank's own window stays over any page but a new one, as when the hold ends meanwhile.
  useEffect(
    () => () => {
      if (isRunning.current) window.location.reload()
    },
    [],
  )

  const finish = () => {
    isRunning.current = false // before this form is removed
    onPaid()
  }

  const once = async (work: () => Promise<Outcome>) => {
    if (isRunning.current) return
    isRunning.current = true
    setOutcome({ kind: 'busy' })
    setOutcome(
      await work().finally(() => {
        isRunning.current = false
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
      if (isAuthorized(error?.payment_intent ?? paymentIntent)) {
        finish()
        return { kind: 'busy' }
      }
      if (!error || error.type === 'api_connection_error' || error.type === 'api_error')
        return { kind: 'unknown' }
      if (error.type === 'validation_error') return { kind: 'incomplete' }
      return { kind: 'declined', message: error.message ?? 'Your bank said no.' }
    })

  /** After a broken connection: reads the payment's state from Stripe. */
  const check = () =>
    once(async () => {
      const { paymentIntent, error } = await stripe.retrievePaymentIntent(clientSecret)
      if (error) return { kind: 'unknown' }
      if (!isAuthorized(paymentIntent)) return { kind: 'idle' }
      finish()
      return { kind: 'busy' }
    })

  return { outcome, pay, check }
}
