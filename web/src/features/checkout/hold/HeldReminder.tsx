// On every page while a ticket is held: the time left, and the way to pay.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link, useLocation } from 'react-router'
import { ordersQuery } from '#api/queries.ts'
import type { Order } from '#api/types.ts'
import { UserText } from '#components/UserText.tsx'
import { count } from '#format/counts.ts'
import { Clock } from './Clock.tsx'
import { WARNING } from './countdown.ts'
import { useAnnouncements } from './useAnnouncements.ts'
import { useHeldOrders } from './useHeldOrders.ts'
import { useSecondsLeft } from './useSecondsLeft.ts'
import './HeldReminder.css'

export function HeldReminder() {
  const { pathname } = useLocation()
  const [first, ...others] = useHeldOrders()
  if (!first || [`/orders/${first.id}`, `/tickets/${first.ticket.id}`].includes(pathname)) return null // they show it
  return <Reminder key={first.id} order={first} others={others.length} />
}

function Reminder({ order, others }: { order: Order; others: number }) {
  const client = useQueryClient()
  const seconds = useSecondsLeft(order.expiresAt)
  const announced = useAnnouncements(seconds)
  const hasEnded = seconds === 0
  useEffect(() => {
    if (hasEnded) void client.invalidateQueries({ queryKey: ordersQuery.queryKey })
  }, [hasEnded, client])
  if (hasEnded) return null
  return (
    <aside className={seconds <= WARNING ? 'reminder low' : 'reminder'} aria-label="Held for you">
      <Link to={`/orders/${order.id}`}>
        <Clock seconds={seconds} />
        <span className="reminder-title">
          <UserText>{order.ticket.title}</UserText>
          {others > 0 && ` and ${count(others, 'other')}`}
        </span>
        <strong>Pay</strong>
      </Link>
      <p className="sr" aria-live="polite">
        {announced}
      </p>
    </aside>
  )
}
