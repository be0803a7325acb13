// One order, wherever it stands: pay for it, wait for it, own it, or learn why not.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'react-router'
import { serverNow } from '../api/clock.ts'
import { order as orderQuery } from '../api/queries.ts'
import type { Order } from '../api/types.ts'
import { Page } from '../layout/Page.tsx'
import { Checkout } from '../order/Checkout.tsx'
import { Confirming } from '../order/Confirming.tsx'
import { Ended } from '../order/Ended.tsx'
import { Owned } from '../order/Owned.tsx'
import { TroublePage } from '../trouble/Trouble.tsx'

const SOON = 1000 // while an answer is due
const NOW_AND_THEN = 10_000 // while the buyer types

export function OrderPage() {
  const { id = '' } = useParams()
  return <OneOrder key={id} id={id} />
}

function OneOrder({ id }: { id: string }) {
  const [paid, setPaid] = useState(false)
  const found = useQuery({
    ...orderQuery(id),
    refetchInterval: ({ state }) => howSoon(state.data, paid),
  })
  const order = found.data
  if (!order) {
    if (found.isError) return <TroublePage error={found.error} retry={found.refetch} />
    return (
      <Page title="Your order">
        <div className="split order-skeleton" aria-hidden="true">
          <div className="panel skeleton" />
          <div className="big skeleton" />
        </div>
      </Page>
    )
  }
  if (order.status === 'completed') return <Owned order={order} />
  if (order.status !== 'pending') return <Ended order={order} />
  if (paid) return <Confirming order={order} />
  return <Checkout order={order} onPaid={() => setPaid(true)} />
}

/** Milliseconds until the next look: our API, not the browser, says when an order is paid or over. */
function howSoon(order: Order | undefined, paid: boolean): number | false {
  if (order?.status !== 'pending') return false
  return paid || Date.parse(order.expiresAt) <= serverNow() + SOON ? SOON : NOW_AND_THEN
}
