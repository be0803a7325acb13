// Taking a listing back: asked once more, because it cannot be undone.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useNavigate } from 'react-router'
import { listings, ticket as ticketQuery } from '../api/queries.ts'
import { withdrawTicket } from '../api/tickets.ts'
import type { Ticket } from '../api/types.ts'
import { Note } from '../parts/Note.tsx'
import { whyNotWithdraw } from './stock.ts'

export function Withdraw({ ticket }: { ticket: Ticket }) {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const dialog = useRef<HTMLDialogElement>(null)
  const why = whyNotWithdraw(ticket)
  const withdraw = useMutation({
    mutationFn: () => withdrawTicket(ticket.id),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: listings.queryKey })
      await navigate('/selling')
      await cache.invalidateQueries({ queryKey: ticketQuery(ticket.id).queryKey })
    },
    onError: () => {
      dialog.current?.close()
      return cache.invalidateQueries({ queryKey: ticketQuery(ticket.id).queryKey })
    },
  })
  return (
    <section className="withdraw" aria-labelledby="withdraw-title">
      <h2 id="withdraw-title">Withdraw it</h2>
      {withdraw.error && (
        <Note kind="bad" alert>
          {withdraw.error.message}
        </Note>
      )}
      <p className="small muted" id="withdraw-why">
        {why ?? 'It disappears from the list at once and can’t come back.'}
      </p>
      <button
        className="btn ghost"
        type="button"
        aria-disabled={why !== null}
        aria-describedby="withdraw-why"
        onClick={() => why === null && dialog.current?.showModal()}
      >
        Withdraw this listing
      </button>
      <dialog ref={dialog} aria-labelledby="withdraw-sure">
        <h2 id="withdraw-sure">Withdraw “{ticket.title}”?</h2>
        <p>Nobody can buy it any more. You can always list it anew.</p>
        <button
          className="btn block"
          type="button"
          aria-disabled={withdraw.isPending}
          onClick={() => !withdraw.isPending && withdraw.mutate()}
        >
          {withdraw.isPending ? 'Withdrawing…' : 'Withdraw it'}
        </button>
        <button className="btn ghost block" type="button" onClick={() => dialog.current?.close()}>
          Keep it for sale
        </button>
      </dialog>
    </section>
  )
}
