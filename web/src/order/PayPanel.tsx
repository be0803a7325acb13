// The payment, from "getting ready" to the form, or why it cannot be had.

import { useEffect } from 'react'
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
  const isPaid = payment.data?.isPaid === true
  useEffect(() => {
    if (isPaid) onPaid()
  }, [isPaid, onPaid])
  if (payment.data && !isPaid) {
    return <PayForm order={order} payment={payment.data} minutesLeft={minutesLeft} onPaid={onPaid} />
  }
  if (payment.error) {
    const refused = payment.error instanceof Refusal && payment.error.status < 500
    return (
      <>
        <Note kind="bad" alert>
          {refused ? payment.error.message : 'The payment form did not load. Your ticket is still held.'}
        </Note>
        <button className="btn" type="button" onClick={() => payment.refetch()}>
          Try again
        </button>
      </>
    )
  }
  return (
    <div className="payment-skeleton" role="status">
      <span className="sr">Getting the payment ready…</span>
    </div>
  )
}
