// Filters for dates, price and category, and the order of the list. The filters are collapsed while they are fine.
import { useEffect, useState } from 'react'
import { Select, TextField } from '#components/Field.tsx'
import { CATEGORIES } from '#format/categories.ts'
import { SYMBOLS } from '#format/money.ts'
import { DEFAULT_CURRENCY, type FilterErrors, type Filters, SORTS } from './filters.ts'
import { MaxPriceField } from './MaxPriceField.tsx'
import './MoreFilters.css'

interface Props {
  filters: Filters
  errors: FilterErrors
  change: (changes: Partial<Filters>) => void
}

export function MoreFilters({ filters, errors, change }: Props) {
  const hasErrors = Object.keys(errors).length > 0
  const [isOpen, setOpen] = useState(hasErrors)
  useEffect(() => {
    if (hasErrors) setOpen(true)
  }, [hasErrors])
  const field = (name: 'from' | 'to') => ({
    name,
    type: 'date',
    value: filters[name],
    error: errors[name],
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  })
  return (
    <div className="more-filters">
      <div className="bar">
        <button
          className="disclosure"
          type="button"
          aria-expanded={isOpen}
          aria-controls="more-filters"
          onClick={() => setOpen(!isOpen)}
        >
          Dates, price, category
        </button>
        <SortSelect filters={filters} change={change} />
      </div>
      <div className="four" id="more-filters" hidden={!isOpen}>
        <TextField {...field('from')} label="From" />
        <TextField {...field('to')} label="Until" />
        <MaxPriceField
          key={filters.max}
          max={filters.max}
          currency={filters.currency || DEFAULT_CURRENCY}
          change={change}
        />
        <Select
          name="currency"
          label="Currency"
          value={filters.currency}
          hint={filters.sort === 'cheapest' || filters.max ? 'Prices are compared within one.' : undefined}
          onChange={(event) => change({ currency: event.target.value })}
        >
          {!(filters.sort === 'cheapest' || filters.max) && <option value="">Any</option>}
          {Object.entries(SYMBOLS).map(([code, symbol]) => (
            <option key={code} value={code}>
              {code.toUpperCase()} {symbol}
            </option>
          ))}
        </Select>
        <Select
          name="category"
          label="Category"
          value={filters.category}
          onChange={(event) => change({ category: event.target.value })}
        >
          <option value="">Any</option>
          {options(filters.category).map((category) => (
            <option key={category}>{category}</option>
          ))}
        </Select>
      </div>
    </div>
  )
}

function SortSelect({ filters, change }: Omit<Props, 'errors'>) {
  return (
    <label className="sort small muted">
      <span className="sr">Sort</span>
      <select value={filters.sort} onChange={(event) => change({ sort: event.target.value })}>
        {Object.entries(SORTS).map(([sort, label]) => (
          <option key={sort} value={sort}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}

/** A category from the address may be another one. */
const options = (current: string): string[] =>
  !current || CATEGORIES.includes(current) ? CATEGORIES : [...CATEGORIES, current]
