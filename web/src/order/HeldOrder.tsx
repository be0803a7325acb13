// A ticket still waiting to be paid for, with its clock.
import { Link } from 'react-router'
import type { Order } from '../api/types.ts'
import { money } from '../format/money.ts'
import { clockFace } from '../hold/countdown.ts'
import { useSecondsLeft } from '../hold/useSecondsLeft.ts'

export function HeldOrder({ order }: { order: Order }) {
  const seconds = useSecondsLeft(order.expiresAt)
  return (
    <section className="state panel">
      <h2>{order.ticket.title}</h2>
      <p className="small">
        Held for you, {money(order.total, order.currency)}. <br />
        <span className="clock" role="timer" aria-live="off">
          {clockFace(seconds)}
        </span>
      </p>
      <Link className="btn" to={`/orders/${order.id}`}>
        Carry on paying
      </Link>
    </section>
  )
}
