// Holds the same ticket again.
import type { Ticket } from '#api/types.ts'
import { Note } from '#components/Note.tsx'
import { money } from '#format/money.ts'
import { usePlaceHold } from '../hold/usePlaceHold.ts'

export function HoldAgain({ ticket, quantity }: { ticket: Ticket; quantity: number }) {
  const { hold, isPending, error } = usePlaceHold()
  const available = Math.min(quantity, ticket.available)
  return (
    <>
      {error && (
        <Note kind="bad" alert>
          {error.message}
        </Note>
      )}
      <p className="small muted">You would pay {money(ticket.price * available, ticket.currency)}.</p>
      <button className="btn" type="button" aria-disabled={isPending} onClick={() => hold(ticket, available)}>
        {isPending ? 'Holding it…' : 'Hold it again'}
      </button>
    </>
  )
}
