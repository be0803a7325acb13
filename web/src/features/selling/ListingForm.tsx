// The form of a listing, for creating and editing.
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { serverNow } from '#api/clock.ts'
import { useConfig } from '#api/config.ts'
import type { NewTicket } from '#api/types.ts'
import { AmountField } from '#components/AmountField.tsx'
import { Select, TextArea, TextField } from '#components/Field.tsx'
import { FormError } from '#components/FormError.tsx'
import { type FormErrors, toFormErrors, useFormErrors } from '#components/useFormErrors.ts'
import { typedCurrency } from '#format/amounts.ts'
import { CATEGORIES } from '#format/categories.ts'
import { SYMBOLS, toAmountInput } from '#format/money.ts'
import { type Draft, FIELDS, toNewTicket, validateDraft } from './draft.ts'
import { ListingPreview } from './ListingPreview.tsx'
import { StartFields } from './StartFields.tsx'
import { useDraft } from './useDraft.ts'
import './ListingForm.css'

interface Props {
  /** The key of the draft stored in this tab: a ticket's id, or "new". */
  name: string
  start: Draft
  /** The version of the listing that `start` shows; 0 for a new listing. */
  version: number
  submit: string
  save: (ticket: NewTicket & { price: number }) => Promise<unknown>
}

export function ListingForm({ name, start, version, submit, save }: Props) {
  const { draft, change, isRestored, discard } = useDraft(name, start, version)
  const { limits } = useConfig()
  const { form, errors, setErrors } = useFormErrors()
  const saving = useMutation({
    mutationFn: save,
    onError: (error) => setErrors(toFormErrors(error, FIELDS)),
  })

  const field = (name: (typeof FIELDS)[number]) => ({
    name,
    value: draft[name],
    error: errors[name],
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (saving.isPending) return
    const invalid = { ...validateDraft(draft, limits, serverNow()), ...incompleteStart(form.current) }
    setErrors(invalid)
    if (Object.keys(invalid).length === 0) saving.mutate(toNewTicket(draft))
  }
  const categories =
    draft.category && !CATEGORIES.includes(draft.category) ? [draft.category, ...CATEGORIES] : CATEGORIES
  return (
    <div className="split">
      <form className="pay" ref={form} onSubmit={onSubmit} noValidate>
        <FormError message={errors.form} />
        {isRestored && (
          <p className="small muted" role="status">
            This is what you typed before.{' '}
            <button className="as-link" type="button" onClick={discard}>
              Start over
            </button>
          </p>
        )}
        <TextField
          {...field('title')}
          label="What is it for?"
          hint="The artist, the match or the show."
          maxLength={limits.title?.maxLength}
          dir="auto"
          required
        />
        <div className="three">
          <AmountField
            name="price"
            label="Price of one"
            value={draft.price}
            currency={draft.currency}
            error={errors.price}
            placeholder={toAmountInput(4860)}
            describe={(amount) => `${amount} each`}
            change={(price) => change({ price, currency: typedCurrency(price) ?? draft.currency })}
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
        <StartFields draft={draft} errors={errors} change={change} />
        <div className="two">
          <TextField
            {...field('venue')}
            label="Venue"
            maxLength={limits.venue?.maxLength}
            autoComplete="off"
            dir="auto"
          />
          <TextField
            {...field('city')}
            label="City"
            maxLength={limits.city?.maxLength}
            autoComplete="address-level2"
            dir="auto"
          />
        </div>
        <Select {...field('category')} label="Category">
          <option value="">None</option>
          {categories.map((category) => (
            <option key={category}>{category}</option>
          ))}
        </Select>
        <TextArea
          {...field('description')}
          label="Anything a buyer should know"
          hint="Section, seat, doors, age limit."
          maxLength={limits.description?.maxLength}
          rows={4}
          dir="auto"
        />
        <button className="btn block" type="submit" aria-disabled={saving.isPending}>
          {saving.isPending ? 'Saving…' : submit}
        </button>
      </form>
      <ListingPreview draft={draft} id={name} />
    </div>
  )
}

/** A date without its time has no value: it would be saved as "any day". */
function incompleteStart(form: HTMLFormElement | null): FormErrors {
  const input = form?.elements.namedItem('startsAt')
  const isIncomplete = input instanceof HTMLInputElement && input.validity.badInput
  return isIncomplete ? { startsAt: 'Pick a day and a time, or clear both.' } : {}
}
