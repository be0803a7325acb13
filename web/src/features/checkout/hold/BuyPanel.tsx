// Beside the ticket: what it costs, and the button that holds it.
import { useState } from 'react'
import { useConfig } from '#api/config.ts'
import type { Ticket } from '#api/types.ts'
import { Icon } from '#components/Icon.tsx'
import { Price } from '#components/Price.tsx'
import { duration } from '#format/duration.ts'
import { money } from '#format/money.ts'
import { ActionBar } from '../ActionBar.tsx'
import '#components/Field.css'
import './BuyPanel.css'

interface Props {
  ticket: Ticket
  isPending: boolean
  hold: (quantity: number) => void
}

const LONGEST_LIST = 100 // options of a select

export function BuyPanel({ ticket, isPending, hold }: Props) {
  const [chosen, setChosen] = useState(1)
  const { holdSeconds, limits } = useConfig()
  const max = Math.min(ticket.available, limits.orderQuantity?.max ?? LONGEST_LIST)
  const quantity = Math.min(chosen, max)
  const total = money(ticket.price * quantity, ticket.currency)
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
      <ActionBar>
        {max > 1 && (
          <div className="field inline">
            <label htmlFor="quantity">How many</label>
            <select
              id="quantity"
              className="input"
              value={quantity}
              onChange={(e) => setChosen(Number(e.target.value))}
            >
              {Array.from({ length: max }, (_, i) => i + 1).map((n) => (
                <option key={n}>{n}</option>
              ))}
            </select>
          </div>
        )}
        <div className="bar-price" aria-hidden="true">
          <Price minor={ticket.price * quantity} currency={ticket.currency} />
        </div>
        <button className="btn block" type="button" onClick={() => hold(quantity)} aria-disabled={isPending}>
          {isPending ? 'Holding it…' : holdSeconds ? `Hold for ${duration(holdSeconds)}` : 'Hold it'}
        </button>
      </ActionBar>
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
    </>
  )
}
