// Stripe's own card form, mounted once; it keeps what was typed until the page leaves.
import type { Stripe, StripeElements } from '@stripe/stripe-js'
import { useEffect, useRef } from 'react'
import { appearance } from './appearance.ts'

interface Props {
  stripe: Stripe
  clientSecret: string
  ready: (elements: StripeElements) => void
  failed: () => void
}

export function PaymentElement({ stripe, clientSecret, ready, failed }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const told = useRef({ ready, failed })
  told.current = { ready, failed }
  useEffect(() => {
    if (!place.current) return
    const elements = stripe.elements({ clientSecret, appearance: appearance(), loader: 'never' })
    const element = elements.create('payment', { layout: 'tabs' })
    element.on('ready', () => told.current.ready(elements))
    element.on('loaderror', () => told.current.failed())
    element.mount(place.current)
    const restyle = () => elements.update({ appearance: appearance() })
    const dark = window.matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', restyle)
    return () => {
      dark.removeEventListener('change', restyle)
      element.destroy()
    }
  }, [stripe, clientSecret])
  return <div className="payment-element" ref={place} />
}
