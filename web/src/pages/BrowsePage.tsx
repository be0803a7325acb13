// The front page: search, and the matching tickets.
import { useSearchParams } from 'react-router'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'
import { FilterChips } from '#features/browse/FilterChips.tsx'
import { type Filters, filterErrors, parseFilters, toSearchParams } from '#features/browse/filters.ts'
import { MoreFilters } from '#features/browse/MoreFilters.tsx'
import { SearchForm } from '#features/browse/SearchForm.tsx'
import { SearchResults } from '#features/browse/SearchResults.tsx'
import { isolate } from '#format/userText.ts'

export function BrowsePage() {
  const [address, setAddress] = useSearchParams()
  const filters = parseFilters(address)
  const errors = filterErrors(filters)
  const change = (changes: Partial<Filters>) => setAddress(toSearchParams({ ...filters, ...changes }))
  return (
    <Page title={filters.q ? `“${isolate(filters.q)}”` : 'Browse tickets'}>
      <section className="hero">
        <Heading>
          Somebody can’t&nbsp;go.
          <br />
          You can.
        </Heading>
        <SearchForm filters={filters} change={change} />
        <FilterChips filters={filters} change={change} />
        <MoreFilters filters={filters} errors={errors} change={change} />
      </section>
      {Object.keys(errors).length > 0 ? (
        <p role="status" className="muted small found">
          No day fits both dates.
        </p>
      ) : (
        <SearchResults filters={filters} clear={() => setAddress('')} />
      )}
    </Page>
  )
}
