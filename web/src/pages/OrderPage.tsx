// One order in any state: pay for it, wait for confirmation, show the ticket, or why there is none.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useParams } from 'react-router'
import { serverNow } from '#api/clock.ts'
import { orderQuery, ordersQuery } from '#api/queries.ts'
import type { Order } from '#api/types.ts'
import { Page } from '#components/Page.tsx'
import { ErrorPage } from '#errors/ErrorPage.tsx'
import { Checkout } from '#features/checkout/order/Checkout.tsx'
import { CompletedOrder } from '#features/checkout/order/CompletedOrder.tsx'
import { ConfirmingOrder } from '#features/checkout/order/ConfirmingOrder.tsx'
import { EndedOrder } from '#features/checkout/order/EndedOrder.tsx'
import './OrderPage.css'

const FAST_POLL = 1000 // milliseconds, while the outcome is due
const SLOW_POLL = 10_000 // milliseconds, while the buyer types

export function OrderPage() {
  const { id = '' } = useParams()
  return <OrderById key={id} id={id} />
}

function OrderById({ id }: { id: string }) {
  const [isPaid, setPaid] = useState(false)
  const query = useQuery({
    ...orderQuery(id),
    refetchInterval: ({ state }) => pollInterval(state.data, isPaid),
  })
  const order = query.data
  const hasEnded = order !== undefined && order.status !== 'pending'
  const client = useQueryClient()
  useEffect(() => {
    if (hasEnded) void client.invalidateQueries({ queryKey: ordersQuery.queryKey }) // it is held no longer
  }, [hasEnded, client])
  if (!order) {
    if (query.isError) return <ErrorPage error={query.error} retry={query.refetch} />
    return (
      <Page title="Your order">
        <div className="split order-skeleton" aria-hidden="true">
          <div className="panel skeleton" />
          <div className="big skeleton" />
        </div>
      </Page>
    )
  }
  if (order.status === 'completed') return <CompletedOrder order={order} />
  if (order.status !== 'pending') return <EndedOrder order={order} />
  if (isPaid) return <ConfirmingOrder order={order} />
  return <Checkout order={order} onPaid={() => setPaid(true)} />
}

/** Milliseconds until the next poll: the API, not the browser, decides when an order is paid or has ended. */
function pollInterval(order: Order | undefined, isPaid: boolean): number | false {
  if (order?.status !== 'pending') return false
  return isPaid || Date.parse(order.expiresAt) <= serverNow() + FAST_POLL ? FAST_POLL : SLOW_POLL
}
