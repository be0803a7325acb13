// A ticket that the buyer owns, with the stub that is shown at the entrance.
import { Link } from 'react-router'
import type { Order } from '#api/types.ts'
import { BigTicket } from '#components/BigTicket.tsx'
import { UserText } from '#components/UserText.tsx'
import { orderCode } from '#format/counts.ts'
import './OwnedTicket.css'

export function OwnedTicket({ order, linked = false }: { order: Order; linked?: boolean }) {
  const text = <UserText>{order.ticket.title}</UserText>
  const title = <h2>{linked ? <Link to={`/orders/${order.id}`}>{text}</Link> : text}</h2>
  return (
    <div className="owned">
      <BigTicket ticket={order.ticket} title={title}>
        <div className="facts admit">
          <p>
            <span className="admit-word">Admit</span>
            <span className="admit-count">{order.quantity}</span>
          </p>
          <p className="small">
            <strong>Order {orderCode(order.id)}</strong>
            <br />
            Opens without signal.
          </p>
        </div>
      </BigTicket>
    </div>
  )
}
