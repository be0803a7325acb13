// The price and the button at the bottom of a phone's screen.
import type { ReactNode } from 'react'
import { Price } from '#components/Price.tsx'
import './PayBar.css'

interface Props {
  minor: number
  currency: string
  /** The button. */
  children: ReactNode
}

export function PayBar({ minor, currency, children }: Props) {
  return (
    <div className="paybar">
      <Price minor={minor} currency={currency} />
      {children}
    </div>
  )
}
