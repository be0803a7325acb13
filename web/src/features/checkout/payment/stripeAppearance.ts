// The Payment Element runs in Stripe’s frame, which cannot read the CSS tokens: it gets their present values.
import type { Appearance } from '@stripe/stripe-js'

export function stripeAppearance(): Appearance {
  const dark = window.matchMedia('(prefers-color-scheme: dark)').matches
  return {
    theme: dark ? 'night' : 'stripe',
    variables: {
      colorPrimary: colour('--ink'),
      colorText: colour('--ink'),
      colorTextSecondary: colour('--ink-2'),
      colorBackground: colour('--surface'),
      colorDanger: colour('--bad'),
      borderRadius: '10px',
      fontFamily: 'Instrument, system-ui, sans-serif',
      fontSizeBase: '17px',
    },
    rules: { '.Input': { border: `1.5px solid ${colour('--line-strong')}`, boxShadow: 'none' } },
  }
}

/** A token's computed colour in the present colour scheme. */
function colour(token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
