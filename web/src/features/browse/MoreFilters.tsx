// Filters for dates, price and category, collapsed at first.
import { CATEGORIES } from '#format/categories.ts'
import type { Filters } from './filters.ts'
import '#components/Field.css'
import './MoreFilters.css'

interface Props {
  filters: Filters
  change: (changes: Partial<Filters>) => void
}

export function MoreFilters({ filters, change }: Props) {
  const field = (name: 'from' | 'to' | 'category') => ({
    id: name,
    name,
    className: 'input',
    value: filters[name],
  })
  const applyMax = (max: string) => max.trim() !== filters.max && change({ max })
  return (
    <details className="more-filters">
      <summary>Dates, price, category</summary>
      <div className="four">
        <div className="field">
          <label htmlFor="from">From</label>
          <input {...field('from')} type="date" onChange={(e) => change({ from: e.target.value })} />
        </div>
        <div className="field">
          <label htmlFor="to">Until</label>
          <input {...field('to')} type="date" onChange={(e) => change({ to: e.target.value })} />
        </div>
        <div className="field">
          <label htmlFor="max">Highest price</label>
          <input
            key={filters.max}
            id="max"
            name="max"
            className="input"
            inputMode="decimal"
            autoComplete="off"
            placeholder="Any"
            defaultValue={filters.max}
            onBlur={(e) => applyMax(e.target.value)}
            onKeyDown={(e) => e.key === 'Enter' && applyMax(e.currentTarget.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="category">Category</label>
          <select {...field('category')} onChange={(e) => change({ category: e.target.value })}>
            <option value="">Any</option>
            {options(filters.category).map((category) => (
              <option key={category}>{category}</option>
            ))}
          </select>
        </div>
      </div>
    </details>
  )
}

/** A category from the address may be another one. */
const options = (current: string): string[] =>
  !current || CATEGORIES.includes(current) ? CATEGORIES : [...CATEGORIES, current]
