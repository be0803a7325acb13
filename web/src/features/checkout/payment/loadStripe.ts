// Loads the Stripe.js that /config.json names: Stripe’s own script, or the local stand-in.
import type { Stripe, StripeConstructor } from '@stripe/stripe-js'
import type { Config } from '#api/config.ts'

declare global {
  interface Window {
    Stripe?: StripeConstructor
  }
}

const STRIPE_ORIGIN = 'https://js.stripe.com'

/** Raises Error for a live key with a script that is not Stripe's own: only Stripe may read real cards. */
export function checkStripeConfig({ stripeKey, stripeJs }: Config): void {
  const origin = new URL(stripeJs, window.location.origin).origin
  if (stripeKey.startsWith('pk_live_') && origin !== STRIPE_ORIGIN) {
    throw new Error(`A live key needs Stripe’s own script, not one from ${origin}`)
  }
}

export interface LoadedStripe {
  stripe: Stripe
  isTest: boolean
}

export async function loadStripe(config: Config): Promise<LoadedStripe> {
  checkStripeConfig(config)
  if (!window.Stripe) await runScript(config.stripeJs)
  if (!window.Stripe) throw new Error(`${config.stripeJs} did not bring Stripe`)
  return {
    stripe: window.Stripe(config.stripeKey, { locale: 'en' }),
    isTest: config.stripeKey.startsWith('pk_test_'),
  }
}

function runScript(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = src
    script.onload = () => resolve()
    script.onerror = () => {
      script.remove() // so that a retry loads it again
      reject(new Error(`${src} did not load`))
    }
    document.head.append(script)
  })
}
