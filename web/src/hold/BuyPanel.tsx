// Beside the ticket: what it costs and the one button that holds it, or why it cannot be held.
import { useState } from 'react'
import type { Ticket } from '../api/types.ts'
import { money } from '../format/money.ts'
import { Icon } from '../parts/Icon.tsx'
import { Price } from '../parts/Price.tsx'

interface Props {
  ticket: Ticket
  busy: boolean
  hold: (quantity: number) => void
}

const MOST = 10 // units in one order

export function BuyPanel({ ticket, busy, hold }: Props) {
  const [wanted, setWanted] = useState(1)
  const most = Math.min(ticket.available, MOST)
  const quantity = Math.min(wanted, most)
  const total = money(ticket.price * quantity, ticket.currency)
  const place = () => hold(quantity)
  return (
    <>
      <dl className="rows">
        <div>
          <dt>
            {quantity === 1 ? 'Ticket' : `${quantity} tickets at ${money(ticket.price, ticket.currency)}`}
          </dt>
          <dd>{total}</dd>
        </div>
        <div>
          <dt>Fees</dt>
          <dd>None</dd>
        </div>
        <div className="total">
          <dt>You pay</dt>
          <dd>{total}</dd>
        </div>
      </dl>
      {most > 1 && (
        <div className="field inline">
          <label htmlFor="quantity">How many</label>
          <select
            id="quantity"
            className="input"
            value={quantity}
            onChange={(e) => setWanted(Number(e.target.value))}
          >
            {Array.from({ length: most }, (_, i) => i + 1).map((n) => (
              <option key={n}>{n}</option>
            ))}
          </select>
        </div>
      )}
      <button className="btn block desk" type="button" onClick={place} aria-disabled={busy}>
        {busy ? 'Holding it…' : 'Hold it for 15 minutes'}
      </button>
      <ul className="facts-list">
        <li>
          <Icon name="clock" />
          <span>Nobody else can buy it while you pay. You can ask for more time.</span>
        </li>
        <li>
          <Icon name="shield" />
          <span>You are only charged when the ticket is yours.</span>
        </li>
        <li>
          <Icon name="tag" />
          <span>The price you see is the whole price.</span>
        </li>
      </ul>
      <div className="paybar">
        <Price minor={ticket.price * quantity} currency={ticket.currency} />
        <button className="btn" type="button" onClick={place} aria-disabled={busy}>
          {busy ? 'Holding it…' : 'Hold for 15 min'}
        </button>
      </div>
    </>
  )
}
