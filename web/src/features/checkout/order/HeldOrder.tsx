// A held ticket that is not paid yet, with its clock on the stub.
import { Link } from 'react-router'
import type { Order } from '#api/types.ts'
import { BigTicket } from '#components/BigTicket.tsx'
import { money } from '#format/money.ts'
import { Clock } from '../hold/Clock.tsx'
import { useSecondsLeft } from '../hold/useSecondsLeft.ts'
import './OwnedTicket.css'
import './HeldOrder.css'

export function HeldOrder({ order }: { order: Order }) {
  const seconds = useSecondsLeft(order.expiresAt)
  return (
    <div className="owned">
      <BigTicket ticket={order.ticket}>
        <div className="facts waiting-stub">
          <p className="small">
            <strong>Held for you</strong>, {money(order.total, order.currency)}
          </p>
          <Clock seconds={seconds} />
          <Link className="btn on-paper" to={`/orders/${order.id}`}>
            Carry on paying
          </Link>
        </div>
      </BigTicket>
    </div>
  )
}
