// An amount in large type; a long one is set smaller, so that it fits on the stub.
import { money } from '#format/money.ts'
import './Price.css'

const LONG = 8 // characters

export function Price({ minor, currency }: { minor: number; currency: string }) {
  const amount = money(minor, currency)
  return <span className={amount.length > LONG ? 'price long' : 'price'}>{amount}</span>
}
