// A held order: the countdown, the payment, and the buttons to extend or release the hold.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { serverNow } from '#api/clock.ts'
import { useConfig } from '#api/config.ts'
import { extendHold } from '#api/orders.ts'
import { orderQuery } from '#api/queries.ts'
import type { Order } from '#api/types.ts'
import { Heading } from '#components/Heading.tsx'
import { Note } from '#components/Note.tsx'
import { Page } from '#components/Page.tsx'
import { cutToMinutes, duration } from '#format/duration.ts'
import { WARNING, wholeMinutes } from '../hold/countdown.ts'
import { extensionOf, extensionsLeft, offeredFrom } from '../hold/extension.ts'
import { HoldBar } from '../hold/HoldBar.tsx'
import { useSecondsLeft } from '../hold/useSecondsLeft.ts'
import { WarningDialog } from '../hold/WarningDialog.tsx'
import { describeFailure } from './describeFailure.ts'
import { OrderSummary } from './OrderSummary.tsx'
import { PayPanel } from './PayPanel.tsx'
import { ReleaseHold } from './ReleaseHold.tsx'
import { TimeIsUp } from './TimeIsUp.tsx'

interface Props {
  order: Order
  onPaid: () => void
}

export function Checkout({ order, onPaid }: Props) {
  const seconds = useSecondsLeft(order.expiresAt)
  const { extending, message } = useExtend(order)
  const { holdSeconds, limits } = useConfig()
  const rules = { holdSeconds, maxExtensions: limits.extensions?.max }
  const extension = extensionOf(order, seconds, rules, serverNow())
  const warning = useWarning(order, seconds)
  const extend = () => !extending.isPending && extending.mutate()

  if (seconds === 0) return <TimeIsUp order={order} />
  const outlook = extension
    ? 'One stub tears off each minute.'
    : extensionsLeft(order, rules) === 0
      ? 'There is no more extra time.'
      : `You can ask for more time in the last ${duration(cutToMinutes(Math.floor(offeredFrom(order, rules))))}.`
  const bar = (
    <HoldBar {...{ seconds, extension, extend, outlook, message }} isExtending={extending.isPending} />
  )
  return (
    <Page title="Pay for your ticket" above={bar}>
      <nav className="crumbs" aria-label="Breadcrumb">
        <Link to={`/tickets/${order.ticket.id}`}>← Back to the ticket</Link>
      </nav>
      <div className="split">
        <div className="pay">
          <Heading step="pay">Pay for your {order.quantity === 1 ? 'ticket' : 'tickets'}</Heading>
          {extending.error && (
            <Note kind="bad" alert>
              {describeFailure(extending.error)}
            </Note>
          )}
          <PayPanel order={order} minutesLeft={Math.ceil(seconds / 60)} onPaid={onPaid} />
          <ReleaseHold order={order} />
        </div>
        <OrderSummary order={order} />
      </div>
      <WarningDialog open={warning.open} extension={extension} extend={extend} close={warning.close} />
    </Page>
  )
}

/** Extends the hold; `message` says afterwards how long it is. */
function useExtend(order: Order) {
  const client = useQueryClient()
  const holdMinutes = wholeMinutes(useConfig().holdSeconds)
  const [message, setMessage] = useState('')
  const { queryKey } = orderQuery(order.id)
  const extending = useMutation({
    mutationFn: () => extendHold(order.id),
    onSuccess: async (extended) => {
      await client.cancelQueries({ queryKey }) // its result would be older
      client.setQueryData(queryKey, extended)
      setMessage(
        holdMinutes ? `Your hold was extended to ${holdMinutes} minutes.` : 'Your hold was extended.',
      )
    },
    onError: () => client.invalidateQueries({ queryKey }),
  })
  return { extending, message }
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
