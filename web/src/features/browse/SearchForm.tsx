// Search by text and city.
import { type FormEvent, useEffect, useRef } from 'react'
import { useConfig } from '#api/config.ts'
import type { Filters } from './filters.ts'
import '#components/Field.css'
import './SearchForm.css'

interface Props {
  filters: Filters
  change: (changes: Partial<Filters>) => void
}

export function SearchForm({ filters, change }: Props) {
  const form = useRef<HTMLFormElement>(null)
  const { limits } = useConfig()
  useEffect(() => {
    // Back and Forward change the address, and the form follows it.
    const inputs = form.current?.elements as unknown as Record<'q' | 'city', HTMLInputElement> | undefined
    if (inputs) [inputs.q.value, inputs.city.value] = [filters.q, filters.city]
  }, [filters.q, filters.city])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    change({ q: String(values.get('q')), city: String(values.get('city')) })
  }
  return (
    <search>
      <form className="search" ref={form} onSubmit={submit}>
        <div className="field">
          <label htmlFor="q">Artist, team or venue</label>
          <input
            id="q"
            name="q"
            dir="auto"
            type="search"
            maxLength={limits.search?.maxLength}
            autoComplete="off"
            enterKeyHint="search"
            placeholder="Marble Arcade"
            defaultValue={filters.q}
          />
        </div>
        <div className="field">
          <label htmlFor="city">City</label>
          <input
            id="city"
            name="city"
            dir="auto"
            maxLength={limits.city?.maxLength}
            autoComplete="address-level2"
            placeholder="Anywhere"
            defaultValue={filters.city}
          />
        </div>
        <button className="btn" type="submit">
          Search
        </button>
      </form>
    </search>
  )
}
