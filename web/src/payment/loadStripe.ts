// Stripe's script, loaded by the name /config.json gives it: the same code for the real one and for a stand-in.
import type { Stripe, StripeConstructor } from '@stripe/stripe-js'
import { type Config, readConfig } from '../api/payments.ts'

declare global {
  interface Window {
    Stripe?: StripeConstructor
  }
}

const STRIPE_ORIGIN = 'https://js.stripe.com'

/** Raises when a live key comes with a script that is not Stripe's own: real cards are for Stripe's eyes only. */
export function checkConfig({ stripeKey, stripeJs }: Config): void {
  const origin = new URL(stripeJs, window.location.origin).origin
  if (stripeKey.startsWith('pk_live_') && origin !== STRIPE_ORIGIN) {
    throw new Error(`A live key needs Stripe’s own script, not one from ${origin}`)
  }
}

export interface Loaded {
  stripe: Stripe
  isTest: boolean
}

export async function loadStripe(): Promise<Loaded> {
  const config = await readConfig()
  checkConfig(config)
  if (!window.Stripe) await runScript(config.stripeJs)
  if (!window.Stripe) throw new Error(`${config.stripeJs} did not bring Stripe`)
  return { stripe: window.Stripe(config.stripeKey), isTest: config.stripeKey.startsWith('pk_test_') }
}

function runScript(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = src
    script.onload = () => resolve()
    script.onerror = () => {
      script.remove() // so that the next try loads it anew
      reject(new Error(`${src} did not load`))
    }
    document.head.append(script)
  })
}
