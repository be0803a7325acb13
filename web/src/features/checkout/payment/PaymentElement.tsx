// Stripe’s Payment Element, mounted once, so that it keeps what was typed.
import type { Stripe, StripeElements } from '@stripe/stripe-js'
import { useEffect, useRef } from 'react'
import { stripeAppearance } from './stripeAppearance.ts'
import './PaymentElement.css'

interface Props {
  stripe: Stripe
  clientSecret: string
  onReady: (elements: StripeElements) => void
  onError: () => void
}

export function PaymentElement({ stripe, clientSecret, onReady, onError }: Props) {
  const container = useRef<HTMLDivElement>(null)
  const callbacks = useRef({ onReady, onError })
  callbacks.current = { onReady, onError }
  useEffect(() => {
    if (!container.current) return
    const elements = stripe.elements({ clientSecret, appearance: stripeAppearance(), loader: 'never' })
    const element = elements.create('payment', { layout: 'tabs' })
    element.on('ready', () => callbacks.current.onReady(elements))
    element.on('loaderror', () => callbacks.current.onError())
    element.mount(container.current)
    const restyle = () => elements.update({ appearance: stripeAppearance() })
    const dark = window.matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', restyle)
    return () => {
      dark.removeEventListener('change', restyle)
      element.destroy()
    }
  }, [stripe, clientSecret])
  return <div className="payment-element" ref={container} />
}
