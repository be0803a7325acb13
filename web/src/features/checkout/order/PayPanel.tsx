// The payment: loading, the form, or why there is none.
import { useEffect, useState } from 'react'
import { ApiError } from '#api/errors.ts'
import type { Order } from '#api/types.ts'
import { Note } from '#components/Note.tsx'
import { PayForm } from '../payment/PayForm.tsx'
import { usePayment } from '../payment/usePayment.ts'
import './PayPanel.css'

interface Props {
  order: Order
  minutesLeft: number
  onPaid: () => void
}

export function PayPanel({ order, minutesLeft, onPaid }: Props) {
  const payment = usePayment(order.id)
  const [isBroken, setBroken] = useState(false)
  const isPaid = payment.data?.isPaid === true
  useEffect(() => {
    if (isPaid) onPaid()
  }, [isPaid, onPaid])

  if (payment.error || isBroken) {
    const retry = () => {
      setBroken(false)
      void payment.refetch()
    }
    return <PaymentError error={payment.error} retry={retry} />
  }
  if (payment.data && !isPaid) {
    return (
      <PayForm
        order={order}
        payment={payment.data}
        minutesLeft={minutesLeft}
        onPaid={onPaid}
        onBroken={() => setBroken(true)}
      />
    )
  }
  return (
    <div className="payment-skeleton" role="status">
      <span className="sr">Getting the payment ready…</span>
    </div>
  )
}

function PaymentError({ error, retry }: { error: Error | null; retry: () => void }) {
  const isApiError = error instanceof ApiError && error.status < 500
  return (
    <>
      <Note kind="bad" alert>
        {isApiError ? error.message : 'The payment form did not load. Your ticket is still held.'}
      </Note>
      <button className="btn" type="button" onClick={retry}>
        Try again
      </button>
    </>
  )
}
