// The payment, from "getting ready" to the form, or why it cannot be had.
import { useEffect, useState } from 'react'
import { Refusal } from '../api/errors.ts'
import type { Order } from '../api/types.ts'
import { Note } from '../parts/Note.tsx'
import { PayForm } from '../payment/PayForm.tsx'
import { usePayment } from '../payment/usePayment.ts'

interface Props {
  order: Order
  minutesLeft: number
  onPaid: () => void
}

export function PayPanel({ order, minutesLeft, onPaid }: Props) {
  const payment = usePayment(order.id)
  const [broken, setBroken] = useState(false)
  const isPaid = payment.data?.isPaid === true
  useEffect(() => {
    if (isPaid) onPaid()
  }, [isPaid, onPaid])

  if (payment.error || broken) {
    const again = () => {
      setBroken(false)
      void payment.refetch()
    }
    return <NoForm error={payment.error} again={again} />
  }
  if (payment.data && !isPaid) {
    const waysOut = { onPaid, onBroken: () => setBroken(true) }
    return <PayForm order={order} payment={payment.data} minutesLeft={minutesLeft} {...waysOut} />
  }
  return (
    <div className="payment-skeleton" role="status">
      <span className="sr">Getting the payment ready…</span>
    </div>
  )
}

function NoForm({ error, again }: { error: Error | null; again: () => void }) {
  const refused = error instanceof Refusal && error.status < 500
  return (
    <>
      <Note kind="bad" alert>
        {refused ? error.message : 'The payment form did not load. Your ticket is still held.'}
      </Note>
      <button className="btn" type="button" onClick={again}>
        Try again
      </button>
    </>
  )
}
