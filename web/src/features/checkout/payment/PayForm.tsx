// The payment of a held ticket: the card form, the button, and the bank’s decision.
import type { StripeElements } from '@stripe/stripe-js'
import { type FormEvent, useEffect, useState } from 'react'
import type { Order } from '#api/types.ts'
import { Note } from '#components/Note.tsx'
import { useOnline } from '#components/useOnline.ts'
import { money } from '#format/money.ts'
import { PayBar } from '../PayBar.tsx'
import { PaymentElement } from './PaymentElement.tsx'
import { useConfirmPayment } from './useConfirmPayment.ts'
import type { PreparedPayment } from './usePayment.ts'

interface Props {
  order: Order
  payment: PreparedPayment
  minutesLeft: number
  onPaid: () => void
  onBroken: () => void
}

export function PayForm({ order, payment, minutesLeft, onPaid, onBroken }: Props) {
  const [elements, setElements] = useState<StripeElements | null>(null)
  const { outcome, pay, check } = useConfirmPayment(payment.stripe, payment.clientSecret, onPaid)
  const isOnline = useOnline()
  const total = money(order.total, order.currency)
  const isWaiting = elements === null || outcome.kind === 'busy'

  // biome-ignore lint/correctness/useExhaustiveDependencies: only coming back online checks again
  useEffect(() => {
    if (isOnline && outcome.kind === 'unknown') void check()
  }, [isOnline])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (elements && !isWaiting) void (outcome.kind === 'unknown' ? check() : pay(elements))
  }
  return (
    <form className="pay" onSubmit={submit} aria-label="Payment" noValidate>
      <PaymentElement
        stripe={payment.stripe}
        clientSecret={payment.clientSecret}
        onReady={setElements}
        onError={onBroken}
      />
      {payment.isTest && (
        <Note>
          <strong>Test mode.</strong> No real card is charged on this site.
        </Note>
      )}
      {outcome.kind === 'declined' && (
        <Note kind="bad" alert>
          <strong>Card declined.</strong> {outcome.message} Your ticket is still held for{' '}
          {describeMinutes(minutesLeft)}. Try another card.
        </Note>
      )}
      {outcome.kind === 'unknown' && (
        <Note kind="bad" icon="cloud" alert>
          <strong>We lost the connection.</strong> Your bank may have said yes. Check before you pay again;
          you are never charged twice for one ticket.
        </Note>
      )}
      <PayButton className="btn block desk" {...{ isWaiting, outcome: outcome.kind, total }} />
      <p className="small muted desk">
        We confirm the order once your bank does. You can close this page; the ticket appears in My tickets.
      </p>
      <PayBar minor={order.total} currency={order.currency}>
        <PayButton className="btn" {...{ isWaiting, outcome: outcome.kind, total }} />
      </PayBar>
    </form>
  )
}

interface ButtonProps {
  className: string
  isWaiting: boolean
  outcome: string
  total: string
}

function PayButton({ className, isWaiting, outcome, total }: ButtonProps) {
  const label =
    outcome === 'busy' ? 'Asking your bank…' : outcome === 'unknown' ? 'Check what happened' : `Pay ${total}`
  return (
    <button className={className} type="submit" aria-disabled={isWaiting}>
      {label}
    </button>
  )
}

const describeMinutes = (minutes: number): string => (minutes === 1 ? 'a minute' : `${minutes} minutes`)
