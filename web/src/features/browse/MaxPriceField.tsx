// The highest price: applied when the field is left, if it is one amount.
import { useState } from 'react'
import { AmountField } from '#components/AmountField.tsx'
import { type Reading, readAmount } from '#format/amounts.ts'
import { decimalSeparator, toAmountInput } from '#format/money.ts'
import { type Filters, toMax } from './filters.ts'

interface Props {
  /** As the address has it, with a point. */
  max: string
  currency: string
  change: (changes: Pick<Filters, 'max'>) => void
}

export function MaxPriceField({ max, currency, change }: Props) {
  const [text, setText] = useState(max.replace(/^(\d+)\.(\d\d)$/, `$1${decimalSeparator()}$2`))
  const [isChecked, setChecked] = useState(max !== '')
  const apply = (typed: string) => {
    setText(typed)
    setChecked(true)
    const reading = readAmount(typed)
    const applied = reading.kind === 'amount' ? toMax(reading.minor) : ''
    if ((reading.kind === 'amount' || reading.kind === 'empty') && applied !== max) change({ max: applied })
  }
  return (
    <AmountField
      name="max"
      label="Highest price"
      value={text}
      currency={currency}
      placeholder="Any"
      describe={(amount) => `Up to ${amount}`}
      error={isChecked ? errorOf(readAmount(text)) : undefined}
      change={setText}
      choose={apply}
      onBlur={(event) => apply(event.target.value)}
      onKeyDown={(event) => event.key === 'Enter' && apply(event.currentTarget.value)}
    />
  )
}

function errorOf({ kind }: Reading): string | undefined {
  if (kind === 'invalid') return `Write an amount, like ${toAmountInput(6000)}.`
  return kind === 'ambiguous' ? 'This may be two amounts. Choose one.' : undefined
}
