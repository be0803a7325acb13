// A listing as typed: the form’s text values, validated and converted for the API.
import type { Limits } from '#api/config.ts'
import type { Currency, NewTicket, Ticket } from '#api/types.ts'
import type { FormErrors } from '#components/useFormErrors.ts'
import { parseAmount, readAmount } from '#format/amounts.ts'
import { fromDateTimeInput, toDateTimeInput } from '#format/dates.ts'
import { money, toAmountInput } from '#format/money.ts'
import { cityOf, knownZone, readerZone } from '#format/zones.ts'

export const FIELDS = [
  'title',
  'price',
  'currency',
  'quantity',
  'startsAt',
  'timeZone',
  'venue',
  'city',
  'category',
  'description',
] as const

/** `occurrence` is "1" or "2" where the clocks repeat the hour of `startsAt`, which is a local time of `timeZone`. */
export type Draft = { [field in (typeof FIELDS)[number] | 'occurrence']: string }

export const emptyDraft = (): Draft => ({
  title: '',
  price: '',
  currency: 'eur',
  quantity: '1',
  startsAt: '',
  timeZone: readerZone(),
  occurrence: '',
  venue: '',
  city: '',
  category: '',
  description: '',
})

export function toDraft(ticket: Ticket): Draft {
  const timeZone = knownZone(ticket.timeZone)
  const startsAt = ticket.startsAt ? toDateTimeInput(ticket.startsAt, timeZone) : ''
  const same = fromDateTimeInput(startsAt, timeZone)
  return {
    title: ticket.title,
    price: toAmountInput(ticket.price),
    currency: ticket.currency,
    quantity: String(ticket.quantity),
    startsAt,
    timeZone,
    occurrence: same.length > 1 ? String(same.indexOf(ticket.startsAt ?? '') + 1) : '',
    venue: ticket.venue ?? '',
    city: ticket.city ?? '',
    category: ticket.category ?? '',
    description: ticket.description ?? '',
  }
}

type Start =
  | { kind: 'none' }
  | { kind: 'time'; iso: string }
  /** The clocks skip this local time. */
  | { kind: 'skipped' }
  /** The clocks repeat this local time: in UTC, earlier and later. */
  | { kind: 'repeated'; times: string[] }

/** The start of the event, as typed at the venue. */
export function readStart({ startsAt, timeZone, occurrence }: Draft): Start {
  if (!startsAt) return { kind: 'none' }
  const times = fromDateTimeInput(startsAt, timeZone)
  const iso = times.length === 1 ? times[0] : times[Number(occurrence) - 1]
  if (iso) return { kind: 'time', iso }
  return times.length === 0 ? { kind: 'skipped' } : { kind: 'repeated', times }
}

/** What the client can tell by itself; `limits` that are missing are left to the API. */
export function validateDraft(draft: Draft, limits: Partial<Limits>, now: number): FormErrors {
  const errors: FormErrors = {
    price: priceError(draft, limits.price),
    quantity: quantityError(draft, limits.listingQuantity),
    startsAt: startError(draft, now),
  }
  if (!draft.title.trim()) errors.title = 'Say what the ticket is for.'
  return Object.fromEntries(FIELDS.flatMap((field) => (errors[field] ? [[field, errors[field]]] : [])))
}

interface Range {
  min: number
  max: number
}

const isOutside = (value: number, range: Range | undefined): range is Range =>
  range !== undefined && (value < range.min || value > range.max)

function priceError({ price, currency }: Draft, range: Range | undefined): string {
  const reading = readAmount(price)
  if (reading.kind === 'ambiguous') {
    const choices = reading.choices.map((minor) => money(minor, currency))
    return `Is it ${choices.join(' or ')}? Choose, or write it with two decimals.`
  }
  if (reading.kind !== 'amount') return `Write the price as an amount, like ${toAmountInput(4860)}.`
  if (!isOutside(reading.minor, range)) return ''
  return `Ask between ${money(range.min, currency)} and ${money(range.max, currency)}.`
}

function quantityError({ quantity }: Draft, range: Range | undefined): string {
  const number = Number(quantity)
  if (Number.isInteger(number) && !isOutside(number, range)) return ''
  return range ? `Sell between ${range.min} and ${range.max.toLocaleString('en')}.` : 'Write a whole number.'
}

const MAX_YEARS = 10

function startError(draft: Draft, now: number): string {
  const start = readStart(draft)
  if (start.kind === 'none') return ''
  if (start.kind === 'skipped')
    return `The clocks in ${cityOf(draft.timeZone)} skip that hour. Pick another time.`
  if (start.kind === 'repeated')
    return `The clocks in ${cityOf(draft.timeZone)} go back then. Choose which of the two times it is.`
  const at = Date.parse(start.iso)
  if (at <= now) return 'Pick a time that is still to come.'
  const latest = new Date(now)
  latest.setUTCFullYear(latest.getUTCFullYear() + MAX_YEARS)
  return at > latest.getTime() ? 'Pick a date within the next ten years.' : ''
}

/** A valid draft as the API's request body: empty fields are null. */
export function toNewTicket(draft: Draft): NewTicket & { price: number } {
  const orNull = (text: string) => text.trim() || null
  const start = readStart(draft)
  return {
    title: draft.title.trim(),
    price: parseAmount(draft.price) ?? 0,
    currency: draft.currency as Currency,
    quantity: Number(draft.quantity),
    startsAt: start.kind === 'time' ? start.iso : null,
    timeZone: draft.timeZone,
    venue: orNull(draft.venue),
    city: orNull(draft.city),
    category: orNull(draft.category),
    description: orNull(draft.description),
  }
}
