// The payment of a held ticket: the card form, the button, and the bank’s decision.
import type { StripeElements } from '@stripe/stripe-js'
import { type FormEvent, useEffect, useState } from 'react'
import type { Order } from '#api/types.ts'
import { Note } from '#components/Note.tsx'
import { Price } from '#components/Price.tsx'
import { useOnline } from '#components/useOnline.ts'
import { money } from '#format/money.ts'
import { ActionBar } from '../ActionBar.tsx'
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
          <strong>{outcome.message}</strong> Nothing was charged, and your ticket is still held for{' '}
          {describeMinutes(minutesLeft)}.
        </Note>
      )}
      {outcome.kind === 'unknown' && (
        <Note kind="bad" icon="cloud" alert>
          <strong>We lost the connection.</strong> Your bank may have said yes. Check before you pay again;
          you are never charged twice for one ticket.
        </Note>
      )}
      <ActionBar>
        <div className="bar-price" aria-hidden="true">
          <Price minor={order.total} currency={order.currency} />
        </div>
        <button className="btn block" type="submit" aria-disabled={isWaiting}>
          {outcome.kind === 'busy'
            ? 'Asking your bank…'
            : outcome.kind === 'unknown'
              ? 'Check what happened'
              : `Pay ${total}`}
        </button>
      </ActionBar>
      <p className="small muted">
        We confirm the order once your bank does. You can close this page; the ticket appears in My tickets.
      </p>
    </form>
  )
}

const describeMinutes = (minutes: number): string => (minutes === 1 ? 'a minute' : `${minutes} minutes`)
