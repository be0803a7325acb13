// The order while it is held: the countdown, the payment, and the ways out.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { Refusal } from '../api/errors.ts'
import { extendHold, releaseHold } from '../api/orders.ts'
import { order as orderQuery, orders, ticket } from '../api/queries.ts'
import type { Order } from '../api/types.ts'
import { minutesOf, WARNING } from '../hold/countdown.ts'
import { HoldBar } from '../hold/HoldBar.tsx'
import { useSecondsLeft } from '../hold/useSecondsLeft.ts'
import { WarningDialog } from '../hold/WarningDialog.tsx'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { Note } from '../parts/Note.tsx'
import { OrderSummary } from './OrderSummary.tsx'
import { PayPanel } from './PayPanel.tsx'
import { TimeIsUp } from './TimeIsUp.tsx'

const MOST_EXTENSIONS = 2

interface Props {
  order: Order
  onPaid: () => void
}

export function Checkout({ order, onPaid }: Props) {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const seconds = useSecondsLeft(order.expiresAt)
  const [length] = useState(() => minutesOf(order))
  const [news, setNews] = useState('')

  const learn = () => cache.invalidateQueries({ queryKey: orderQuery(order.id).queryKey })
  const extend = useMutation({
    mutationFn: () => extendHold(order.id),
    onSuccess: async (extended) => {
      await cache.cancelQueries({ queryKey: orderQuery(order.id).queryKey }) // a look under way tells of before
      cache.setQueryData(orderQuery(order.id).queryKey, extended)
      setNews(length ? `Your hold was extended to ${length} minutes.` : 'Your hold was extended.')
    },
    onError: learn,
  })
  const release = useMutation({
    mutationFn: () => releaseHold(order.id),
    onSuccess: async () => {
      await navigate(`/tickets/${order.ticket.id}`)
      cache.removeQueries({ queryKey: orderQuery(order.id).queryKey })
      await cache.invalidateQueries({ queryKey: orders.queryKey })
      await cache.invalidateQueries({ queryKey: ticket(order.ticket.id).queryKey })
    },
    onError: learn,
  })
  const warning = useWarning(order, seconds)
  const more = order.extensions < MOST_EXTENSIONS ? () => !extend.isPending && extend.mutate() : null

  if (seconds === 0) return <TimeIsUp order={order} />
  const bar = <HoldBar seconds={seconds} extend={more} extending={extend.isPending} news={news} />
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
                  {error instanceof Refusal ? error.message : 'We lost the connection. Try that again.'}
                </Note>
              ),
          )}
          <PayPanel order={order} minutesLeft={Math.ceil(seconds / 60)} onPaid={onPaid} />
        </div>
        <OrderSummary order={order} />
      </div>
      <WarningDialog open={warning.open} minutes={length} extend={more} close={warning.close} />
    </Page>
  )
}

/** Open at two minutes, once for each deadline; a hold that never was longer does not ask. */
function useWarning({ createdAt, expiresAt }: Order, seconds: number) {
  const [answered, setAnswered] = useState<string | null>(null)
  const wasLonger = Date.parse(expiresAt) - Date.parse(createdAt) > WARNING * 1000
  return {
    open: wasLonger && seconds > 0 && seconds <= WARNING && answered !== expiresAt,
    close: () => setAnswered(expiresAt),
  }
}
