// Paying for a held ticket: the card form, the button, and what the bank said.
import type { StripeElements } from '@stripe/stripe-js'
import { type FormEvent, useEffect, useState } from 'react'
import type { Order } from '../api/types.ts'
import { money } from '../format/money.ts'
import { Note } from '../parts/Note.tsx'
import { Price } from '../parts/Price.tsx'
import { useOnline } from '../trouble/useOnline.ts'
import { PaymentElement } from './PaymentElement.tsx'
import { usePaying } from './usePaying.ts'
import type { Ready } from './usePayment.ts'

interface Props {
  order: Order
  payment: Ready
  minutesLeft: number
  onPaid: () => void
  onBroken: () => void
}

export function PayForm({ order, payment, minutesLeft, onPaid, onBroken }: Props) {
  const [elements, setElements] = useState<StripeElements | null>(null)
  const { outcome, pay, check } = usePaying(payment.stripe, payment.clientSecret, onPaid)
  const online = useOnline()
  const total = money(order.total, order.currency)
  const waiting = elements === null || outcome.kind === 'busy'

  // biome-ignore lint/correctness/useExhaustiveDependencies: only the network's return asks again
  useEffect(() => {
    if (online && outcome.kind === 'unsure') void check()
  }, [online])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (elements && !waiting) void (outcome.kind === 'unsure' ? check() : pay(elements))
  }
  return (
    <form className="pay" onSubmit={submit} aria-label="Payment" noValidate>
      <PaymentElement
        stripe={payment.stripe}
        clientSecret={payment.clientSecret}
        ready={setElements}
        failed={onBroken}
      />
      {payment.isTest && (
        <Note>
          <strong>Test mode.</strong> No real card is charged on this site.
        </Note>
      )}
      {outcome.kind === 'declined' && (
        <Note kind="bad" alert>
          <strong>Card declined.</strong> {outcome.message} Your ticket is still held for{' '}
          {inMinutes(minutesLeft)}. Try another card.
        </Note>
      )}
      {outcome.kind === 'unsure' && (
        <Note kind="bad" icon="cloud" alert>
          <strong>We lost the connection.</strong> Your bank may have said yes. Check before you pay again;
          you are never charged twice for one ticket.
        </Note>
      )}
      <PayButton className="btn block desk" {...{ waiting, outcome: outcome.kind, total }} />
      <p className="small muted desk">
        We confirm the order once your bank does. You can close this page; the ticket appears in My tickets.
      </p>
      <div className="paybar">
        <Price minor={order.total} currency={order.currency} />
        <PayButton className="btn" {...{ waiting, outcome: outcome.kind, total }} />
      </div>
    </form>
  )
}

interface ButtonProps {
  className: string
  waiting: boolean
  outcome: string
  total: string
}

function PayButton({ className, waiting, outcome, total }: ButtonProps) {
  const words =
    outcome === 'busy' ? 'Asking your bank…' : outcome === 'unsure' ? 'Check what happened' : `Pay ${total}`
  return (
    <button className={className} type="submit" aria-disabled={waiting}>
      {words}
    </button>
  )
}

const inMinutes = (minutes: number): string => (minutes === 1 ? 'a minute' : `${minutes} minutes`)
