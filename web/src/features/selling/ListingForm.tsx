// The form of a listing, for creating and editing.
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { serverNow } from '#api/clock.ts'
import { useConfig } from '#api/config.ts'
import { hasStatus } from '#api/errors.ts'
import type { NewTicket } from '#api/types.ts'
import { Select, TextArea, TextField } from '#components/Field.tsx'
import { FormError } from '#components/FormError.tsx'
import { toFormErrors, useFormErrors } from '#components/useFormErrors.ts'
import { CATEGORIES } from '#format/categories.ts'
import { SYMBOLS } from '#format/money.ts'
import { type Draft, FIELDS, saveDraft, toNewTicket, validateDraft } from './draft.ts'
import { ListingPreview } from './ListingPreview.tsx'
import './ListingForm.css'

interface Props {
  /** The key of the draft stored in this tab: a ticket's id, or "new". */
  name: string
  start: Draft
  submit: string
  save: (ticket: NewTicket & { price: number }) => Promise<unknown>
}

export function ListingForm({ name, start, submit, save }: Props) {
  const [draft, setDraft] = useState(start)
  const { limits } = useConfig()
  const { form, errors, setErrors } = useFormErrors()
  const saving = useMutation({
    mutationFn: save,
    onError: (error) => {
      if (hasStatus(error, 401)) saveDraft(name, draft) // signing in leads back here
      setErrors(toFormErrors(error, FIELDS))
    },
  })

  const field = (name: keyof Draft) => ({
    name,
    value: draft[name],
    error: errors[name],
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (saving.isPending) return
    const invalid = validateDraft(draft, limits, serverNow())
    setErrors(invalid)
    if (Object.keys(invalid).length === 0) saving.mutate(toNewTicket(draft))
  }
  const categories =
    draft.category && !CATEGORIES.includes(draft.category) ? [draft.category, ...CATEGORIES] : CATEGORIES
  return (
    <div className="split">
      <form className="pay" ref={form} onSubmit={onSubmit} noValidate>
        <FormError message={errors.form} />
        <TextField
          {...field('title')}
          label="What is it for?"
          hint="The artist, the match or the show."
          maxLength={limits.title?.maxLength}
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
            min={limits.listingQuantity?.min}
            max={limits.listingQuantity?.max}
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
          <TextField
            {...field('venue')}
            label="Venue"
            maxLength={limits.venue?.maxLength}
            autoComplete="off"
          />
          <TextField
            {...field('city')}
            label="City"
            maxLength={limits.city?.maxLength}
            autoComplete="address-level2"
          />
        </div>
        <TextArea
          {...field('description')}
          label="Anything a buyer should know"
          hint="Section, seat, doors, age limit."
          maxLength={limits.description?.maxLength}
          rows={4}
        />
        <button className="btn block" type="submit" aria-disabled={saving.isPending}>
          {saving.isPending ? 'Saving…' : submit}
        </button>
      </form>
      <ListingPreview draft={draft} id={name} />
    </div>
  )
}
