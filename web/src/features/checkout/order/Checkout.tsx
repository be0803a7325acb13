// A held order: the countdown, the payment, and the buttons to extend or release the hold.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useConfig } from '#api/config.ts'
import { ApiError } from '#api/errors.ts'
import { extendHold, releaseHold } from '#api/orders.ts'
import { orderQuery, ordersQuery, ticketQuery } from '#api/queries.ts'
import type { Order } from '#api/types.ts'
import { Heading } from '#components/Heading.tsx'
import { Note } from '#components/Note.tsx'
import { Page } from '#components/Page.tsx'
import { WARNING, wholeMinutes } from '../hold/countdown.ts'
import { HoldBar } from '../hold/HoldBar.tsx'
import { useSecondsLeft } from '../hold/useSecondsLeft.ts'
import { WarningDialog } from '../hold/WarningDialog.tsx'
import { OrderSummary } from './OrderSummary.tsx'
import { PayPanel } from './PayPanel.tsx'
import { TimeIsUp } from './TimeIsUp.tsx'

interface Props {
  order: Order
  onPaid: () => void
}

export function Checkout({ order, onPaid }: Props) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const seconds = useSecondsLeft(order.expiresAt)
  const { holdSeconds, limits } = useConfig()
  const holdMinutes = wholeMinutes(holdSeconds)
  const [message, setMessage] = useState('')

  const refetch = () => client.invalidateQueries({ queryKey: orderQuery(order.id).queryKey })
  const extend = useMutation({
    mutationFn: () => extendHold(order.id),
    onSuccess: async (extended) => {
      await client.cancelQueries({ queryKey: orderQuery(order.id).queryKey }) // its result would be older
      client.setQueryData(orderQuery(order.id).queryKey, extended)
      setMessage(
        holdMinutes ? `Your hold was extended to ${holdMinutes} minutes.` : 'Your hold was extended.',
      )
    },
    onError: refetch,
  })
  const release = useMutation({
    mutationFn: () => releaseHold(order.id),
    onSuccess: async () => {
      await navigate(`/tickets/${order.ticket.id}`)
      client.removeQueries({ queryKey: orderQuery(order.id).queryKey })
      await client.invalidateQueries({ queryKey: ordersQuery.queryKey })
      await client.invalidateQueries({ queryKey: ticketQuery(order.ticket.id).queryKey })
    },
    onError: refetch,
  })
  const warning = useWarning(order, seconds)
  const canExtend = order.extensions < (limits.extensions?.max ?? Number.POSITIVE_INFINITY)
  const extendOnce = canExtend ? () => !extend.isPending && extend.mutate() : null

  if (seconds === 0) return <TimeIsUp order={order} />
  const bar = (
    <HoldBar seconds={seconds} extend={extendOnce} isExtending={extend.isPending} message={message} />
  )
  return (
    <Page title="Pay for your ticket" above={bar}>
      <nav className="crumbs" aria-label="Breadcrumb">
        <button className="as-link" type="button" onClick={() => !release.isPending && release.mutate()}>
          ← Release the ticket and go back
        </button>
      </nav>
      <div className="split">
        <div className="pay">
          <Heading step="pay">Pay for your {order.quantity === 1 ? 'ticket' : 'tickets'}</Heading>
          {[extend.error, release.error].map(
            (error) =>
              error && (
                <Note kind="bad" alert key={error.message}>
                  {error instanceof ApiError ? error.message : 'We lost the connection. Try that again.'}
                </Note>
              ),
          )}
          <PayPanel order={order} minutesLeft={Math.ceil(seconds / 60)} onPaid={onPaid} />
        </div>
        <OrderSummary order={order} />
      </div>
      <WarningDialog open={warning.open} minutes={holdMinutes} extend={extendOnce} close={warning.close} />
    </Page>
  )
}

/** Open at two minutes left, once per deadline; never for a hold that was no longer than that. */
function useWarning({ createdAt, expiresAt }: Order, seconds: number) {
  const [dismissed, setDismissed] = useState<string | null>(null)
  const wasLonger = Date.parse(expiresAt) - Date.parse(createdAt) > WARNING * 1000
  return {
    open: wasLonger && seconds > 0 && seconds <= WARNING && dismissed !== expiresAt,
    close: () => setDismissed(expiresAt),
  }
}
