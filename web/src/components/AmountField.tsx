// A text field for an amount: shows how it was read, and asks where it may mean two amounts.
import type { InputHTMLAttributes } from 'react'
import { readAmount } from '#format/amounts.ts'
import { money, toAmountInput } from '#format/money.ts'
import { TextField } from './Field.tsx'
import './AmountField.css'

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  name: string
  label: string
  value: string
  currency: string
  error: string | undefined
  /** In the sentence that shows how the amount was read: "€48.60 each". */
  describe: (amount: string) => string
  change: (value: string) => void
  /** Called with the amount that the user chose where two were possible; `change` is where it is missing. */
  choose?: (value: string) => void
}

export function AmountField({ value, currency, describe, change, choose = change, ...field }: Props) {
  const reading = readAmount(value)
  const hint = reading.kind === 'amount' ? describe(money(reading.minor, currency)) : undefined
  return (
    <div>
      <TextField
        {...field}
        value={value}
        onChange={(event) => change(event.target.value)}
        hint={hint}
        inputMode="decimal"
        autoComplete="off"
      />
      {reading.kind === 'ambiguous' && (
        <fieldset className="choices">
          <legend className="hint">{reading.choices.length > 1 ? 'Which one is it?' : 'Is it this?'}</legend>
          {reading.choices.map((minor) => (
            <button key={minor} className="chip" type="button" onClick={() => choose(toAmountInput(minor))}>
              {money(minor, currency)}
            </button>
          ))}
        </fieldset>
      )}
    </div>
  )
}
