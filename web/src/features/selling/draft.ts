// A listing as typed: the form’s text values, validated and converted for the API.
import type { Limits } from '#api/config.ts'
import type { Currency, NewTicket, Ticket } from '#api/types.ts'
import type { FormErrors } from '#components/useFormErrors.ts'
import { fromDateTimeInput, toDateTimeInput } from '#format/dates.ts'
import { money, parseAmount, toAmountInput } from '#format/money.ts'

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

export const EMPTY_DRAFT: Draft = {
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

export function toDraft(ticket: Ticket): Draft {
  return {
    title: ticket.title,
    price: toAmountInput(ticket.price),
    currency: ticket.currency,
    quantity: String(ticket.quantity),
    startsAt: ticket.startsAt ? toDateTimeInput(ticket.startsAt) : '',
    venue: ticket.venue ?? '',
    city: ticket.city ?? '',
    category: ticket.category ?? '',
    description: ticket.description ?? '',
  }
}

/** What the client can tell by itself; `limits` that are missing are left to the API. */
export function validateDraft(draft: Draft, limits: Partial<Limits>, now: number): FormErrors {
  const errors: FormErrors = {}
  const price = parseAmount(draft.price)
  const quantity = Number(draft.quantity)
  const startsAt = draft.startsAt && fromDateTimeInput(draft.startsAt)
  if (!draft.title.trim()) errors.title = 'Say what the ticket is for.'
  if (price === null) errors.price = 'Write the price as an amount, like 48.60.'
  else if (isOutside(price, limits.price)) {
    const { min, max } = limits.price
    errors.price = `Ask between ${money(min, draft.currency)} and ${money(max, draft.currency)}.`
  }
  if (!Number.isInteger(quantity) || isOutside(quantity, limits.listingQuantity))
    errors.quantity = quantityError(limits.listingQuantity)
  if (startsAt === null) errors.startsAt = 'Pick a day and a time.'
  else if (startsAt && Date.parse(startsAt) <= now) errors.startsAt = 'Pick a time that is still to come.'
  return errors
}

interface Range {
  min: number
  max: number
}

const isOutside = (value: number, range: Range | undefined): range is Range =>
  range !== undefined && (value < range.min || value > range.max)

const quantityError = (range: Range | undefined): string =>
  range ? `Sell between ${range.min} and ${range.max.toLocaleString('en')}.` : 'Write a whole number.'

/** A valid draft as the API's request body: empty fields are null. */
export function toNewTicket(draft: Draft): NewTicket & { price: number } {
  const orNull = (text: string) => text.trim() || null
  return {
    title: draft.title.trim(),
    price: parseAmount(draft.price) ?? 0,
    currency: draft.currency as Currency,
    quantity: Number(draft.quantity),
    startsAt: draft.startsAt ? fromDateTimeInput(draft.startsAt) : null,
    venue: orNull(draft.venue),
    city: orNull(draft.city),
    category: orNull(draft.category),
    description: orNull(draft.description),
  }
}

const PREFIX = 'tiketz.draft.'

/** Stores a draft in this tab over a sign-in or a reload; `key` is a ticket's id, or "new". */
export function saveDraft(key: string, draft: Draft): void {
  sessionStorage.setItem(PREFIX + key, JSON.stringify(draft))
}

export function readDraft(key: string): Draft | null {
  const stored = sessionStorage.getItem(PREFIX + key)
  return stored === null ? null : { ...EMPTY_DRAFT, ...(JSON.parse(stored) as Draft) }
}

export function clearDraft(key: string): void {
  sessionStorage.removeItem(PREFIX + key)
}
