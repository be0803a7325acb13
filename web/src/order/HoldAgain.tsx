// One press and the same ticket is held anew.
import type { Ticket } from '../api/types.ts'
import { money } from '../format/money.ts'
import { usePlaceHold } from '../hold/usePlaceHold.ts'
import { Note } from '../parts/Note.tsx'

export function HoldAgain({ ticket, quantity }: { ticket: Ticket; quantity: number }) {
  const { hold, isPending, error } = usePlaceHold()
  const again = Math.min(quantity, ticket.available)
  return (
    <>
      {error && (
        <Note kind="bad" alert>
          {error.message}
        </Note>
      )}
      <p className="small muted">You would pay {money(ticket.price * again, ticket.currency)}.</p>
      <button
        className="btn"
        type="button"
        aria-disabled={isPending}
        onClick={() => hold({ ticketId: ticket.id, quantity: again, price: ticket.price })}
      >
        {isPending ? 'Holding it…' : 'Hold it again'}
      </button>
    </>
  )
}
