// What a seller typed: strings as they stand in the form, checked and turned into what the API takes.
import type { Currency, NewTicket, Ticket } from '../api/types.ts'
import { momentTyped, typedMoment } from '../format/dates.ts'
import { minorUnits, money, typedAmount } from '../format/money.ts'
import type { Complaints } from '../parts/useComplaints.ts'

export const FIELDS = [
  'title',
  'price',
  'currency',
  'quantity',
  'startsAt',
  'venue',
  'city',
  'category',
  'description',
] as const

export type Draft = { [field in (typeof FIELDS)[number]]: string }

export const EMPTY: Draft = {
  title: '',
  price: '',
  currency: 'eur',
  quantity: '1',
  startsAt: '',
  venue: '',
  city: '',
  category: '',
  description: '',
}

const LEAST = 50
const MOST = 9_999_999

export function draftOf(ticket: Ticket): Draft {
  return {
    title: ticket.title,
    price: typedAmount(ticket.price),
    currency: ticket.currency,
    quantity: String(ticket.quantity),
    startsAt: ticket.startsAt ? typedMoment(ticket.startsAt) : '',
    venue: ticket.venue ?? '',
    city: ticket.city ?? '',
    category: ticket.category ?? '',
    description: ticket.description ?? '',
  }
}

export function check(draft: Draft, now: number): Complaints {
  const wrong: Complaints = {}
  const price = minorUnits(draft.price)
  const quantity = Number(draft.quantity)
  const startsAt = draft.startsAt && momentTyped(draft.startsAt)
  if (!draft.title.trim()) wrong.title = 'Say what the ticket is for.'
  if (price === null) wrong.price = 'Write the price as an amount, like 48.60.'
  else if (price < LEAST || price > MOST) {
    wrong.price = `Ask between ${money(LEAST, draft.currency)} and ${money(MOST, draft.currency)}.`
  }
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 10_000)
    wrong.quantity = 'Sell between 1 and 10,000.'
  if (startsAt === null) wrong.startsAt = 'Pick a day and a time.'
  else if (startsAt && Date.parse(startsAt) <= now) wrong.startsAt = 'Pick a time that is still to come.'
  return wrong
}

/** A checked draft, as the API takes it: empty fields are cleared. */
export function ticketOf(draft: Draft): NewTicket & { price: number } {
  const orNull = (text: string) => text.trim() || null
  return {
    title: draft.title.trim(),
    price: minorUnits(draft.price) ?? 0,
    currency: draft.currency as Currency,
    quantity: Number(draft.quantity),
    startsAt: draft.startsAt ? momentTyped(draft.startsAt) : null,
    venue: orNull(draft.venue),
    city: orNull(draft.city),
    category: orNull(draft.category),
    description: orNull(draft.description),
  }
}

const KEPT = 'tiketz.draft.'

/** Keeps a draft in this tab over a sign-in or a reload; `what` is a ticket's id, or "new". */
export function keepDraft(what: string, draft: Draft): void {
  sessionStorage.setItem(KEPT + what, JSON.stringify(draft))
}

export function keptDraft(what: string): Draft | null {
  const kept = sessionStorage.getItem(KEPT + what)
  return kept === null ? null : { ...EMPTY, ...(JSON.parse(kept) as Draft) }
}

export function dropDraft(what: string): void {
  sessionStorage.removeItem(KEPT + what)
}
