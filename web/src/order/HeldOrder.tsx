// A ticket still waiting to be paid for, with its clock on the stub.
import { Link } from 'react-router'
import type { Order } from '../api/types.ts'
import { money } from '../format/money.ts'
import { clockFace } from '../hold/countdown.ts'
import { useSecondsLeft } from '../hold/useSecondsLeft.ts'
import { BigTicket } from '../parts/BigTicket.tsx'

export function HeldOrder({ order }: { order: Order }) {
  const seconds = useSecondsLeft(order.expiresAt)
  return (
    <div className="owned">
      <BigTicket ticket={order.ticket}>
        <div className="facts waiting-stub">
          <p className="small">
            <strong>Held for you</strong>, {money(order.total, order.currency)}
          </p>
          <span className="clock" role="timer" aria-live="off">
            {clockFace(seconds)}
          </span>
          <Link className="btn on-paper" to={`/orders/${order.id}`}>
            Carry on paying
          </Link>
        </div>
      </BigTicket>
    </div>
  )
}
