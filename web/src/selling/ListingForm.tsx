// The form of a listing, for a new one and for a change.
import { type FormEvent, useState } from 'react'
import { serverNow } from '../api/clock.ts'
import { isRefusal } from '../api/errors.ts'
import type { NewTicket } from '../api/types.ts'
import { CATEGORIES } from '../browse/filters.ts'
import { SYMBOLS } from '../format/money.ts'
import { Select, TextArea, TextField } from '../parts/Field.tsx'
import { FormError } from '../parts/FormError.tsx'
import { complaintsOf, useComplaints } from '../parts/useComplaints.ts'
import { check, type Draft, FIELDS, keepDraft, ticketOf } from './draft.ts'
import { Preview } from './Preview.tsx'

interface Props {
  /** Names the draft kept in this tab: a ticket's id, or "new". */
  name: string
  start: Draft
  submit: string
  save: (ticket: NewTicket & { price: number }) => Promise<unknown>
}

export function ListingForm({ name, start, submit, save }: Props) {
  const [draft, setDraft] = useState(start)
  const [saving, setSaving] = useState(false)
  const { form, complaints, setComplaints } = useComplaints()

  const field = (name: keyof Draft) => ({
    name,
    value: draft[name],
    error: complaints[name],
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }),
  })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (saving) return
    const wrong = check(draft, serverNow())
    setComplaints(wrong)
    if (Object.keys(wrong).length > 0) return
    setSaving(true)
    try {
      await save(ticketOf(draft))
    } catch (error) {
      if (isRefusal(error, 401)) keepDraft(name, draft) // the way leads over signing in and back here
      setComplaints(complaintsOf(error as Error, FIELDS))
    } finally {
      setSaving(false)
    }
  }
  const categories =
    draft.category && !CATEGORIES.includes(draft.category) ? [draft.category, ...CATEGORIES] : CATEGORIES
  return (
    <div className="split">
      <form className="pay" ref={form} onSubmit={send} noValidate>
        <FormError message={complaints.form} />
        <TextField
          {...field('title')}
          label="What is it for?"
          hint="The artist, the match or the show."
          maxLength={120}
          required
        />
        <div className="three">
          <TextField
            {...field('price')}
            label="Price of one"
            inputMode="decimal"
            autoComplete="off"
            placeholder="48.60"
            required
          />
          <Select {...field('currency')} label="Currency">
            {Object.entries(SYMBOLS).map(([code, symbol]) => (
              <option key={code} value={code}>
                {code.toUpperCase()} {symbol}
              </option>
            ))}
          </Select>
          <TextField
            {...field('quantity')}
            label="How many"
            type="number"
            min={1}
            max={10000}
            inputMode="numeric"
            required
          />
        </div>
        <div className="two loose">
          <TextField
            {...field('startsAt')}
            label="When does it start?"
            type="datetime-local"
            hint="Leave empty if it is good on any day."
          />
          <Select {...field('category')} label="Category">
            <option value="">None</option>
            {categories.map((category) => (
              <option key={category}>{category}</option>
            ))}
          </Select>
        </div>
        <div className="two">
          <TextField {...field('venue')} label="Venue" maxLength={120} autoComplete="off" />
          <TextField {...field('city')} label="City" maxLength={120} autoComplete="address-level2" />
        </div>
        <TextArea
          {...field('description')}
          label="Anything a buyer should know"
          hint="Section, seat, doors, age limit."
          maxLength={4000}
          rows={4}
        />
        <button className="btn block" type="submit" aria-disabled={saving}>
          {saving ? 'Saving…' : submit}
        </button>
      </form>
      <Preview draft={draft} id={name} />
    </div>
  )
}
