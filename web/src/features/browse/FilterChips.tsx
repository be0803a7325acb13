// Preset filters, each a toggle button.
import { CATEGORIES } from '#format/categories.ts'
import { type Filters, thisWeekend, tonight } from './filters.ts'
import './FilterChips.css'

interface Props {
  filters: Filters
  change: (changes: Partial<Filters>) => void
}

export function FilterChips({ filters, change }: Props) {
  const presets: [string, Partial<Filters>][] = [
    ['Tonight', tonight()],
    ['This weekend', thisWeekend()],
    ['Under €50', { max: '50', currency: 'eur' }],
    ...CATEGORIES.slice(0, 4).map((category): [string, Partial<Filters>] => [category, { category }]),
  ]
  return (
    <fieldset className="chips">
      <legend className="sr">Filters</legend>
      {presets.map(([label, preset]) => {
        const names = Object.keys(preset) as (keyof Filters)[]
        const isOn = names.every((name) => filters[name].toLowerCase() === preset[name]?.toLowerCase())
        const cleared = Object.fromEntries(names.map((name) => [name, '']))
        return (
          <button
            key={label}
            className="chip"
            type="button"
            aria-pressed={isOn}
            onClick={() => change(isOn ? cleared : preset)}
          >
            {label}
          </button>
        )
      })}
    </fieldset>
  )
}
