// Withdrawing a listing: confirmed, because it cannot be undone.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useNavigate } from 'react-router'
import { listingsQuery, ticketQuery } from '#api/queries.ts'
import { withdrawTicket } from '#api/tickets.ts'
import type { Ticket } from '#api/types.ts'
import { Note } from '#components/Note.tsx'
import { UserText } from '#components/UserText.tsx'
import { withdrawalBlocker } from './unitCounts.ts'
import './WithdrawListing.css'

export function WithdrawListing({ ticket }: { ticket: Ticket }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const dialog = useRef<HTMLDialogElement>(null)
  const blocker = withdrawalBlocker(ticket)
  const withdrawal = useMutation({
    mutationFn: () => withdrawTicket(ticket.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: listingsQuery.queryKey })
      await navigate('/selling')
      await client.invalidateQueries({ queryKey: ticketQuery(ticket.id).queryKey })
    },
    onError: () => {
      dialog.current?.close()
      return client.invalidateQueries({ queryKey: ticketQuery(ticket.id).queryKey })
    },
  })
  return (
    <section className="withdraw" aria-labelledby="withdraw-title">
      <h2 id="withdraw-title">Withdraw it</h2>
      {withdrawal.error && (
        <Note kind="bad" alert>
          {withdrawal.error.message}
        </Note>
      )}
      <p className="small muted" id="withdraw-why">
        {blocker ?? 'It disappears from the list at once and can’t come back.'}
      </p>
      <button
        className="btn ghost"
        type="button"
        aria-disabled={blocker !== null}
        aria-describedby="withdraw-why"
        onClick={() => blocker === null && dialog.current?.showModal()}
      >
        Withdraw this listing
      </button>
      <dialog ref={dialog} aria-labelledby="withdraw-sure">
        <h2 id="withdraw-sure">
          Withdraw “<UserText>{ticket.title}</UserText>”?
        </h2>
        <p>Nobody can buy it any more. You can always list it anew.</p>
        <button
          className="btn block"
          type="button"
          aria-disabled={withdrawal.isPending}
          onClick={() => !withdrawal.isPending && withdrawal.mutate()}
        >
          {withdrawal.isPending ? 'Withdrawing…' : 'Withdraw it'}
        </button>
        <button className="btn ghost block" type="button" onClick={() => dialog.current?.close()}>
          Keep it for sale
        </button>
      </dialog>
    </section>
  )
}
