// The front page: search, and the matching tickets.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { useConfig } from '#api/config.ts'
import { searchQuery } from '#api/queries.ts'
import { CardSkeletons } from '#components/CardSkeletons.tsx'
import { Heading } from '#components/Heading.tsx'
import { LoadMore } from '#components/LoadMore.tsx'
import { Page } from '#components/Page.tsx'
import { ErrorPanel } from '#errors/ErrorPanel.tsx'
import { FilterChips } from '#features/browse/FilterChips.tsx'
import {
  type Filters,
  hasFilters,
  parseFilters,
  SORTS,
  toSearchParams,
  toTicketQuery,
} from '#features/browse/filters.ts'
import { MoreFilters } from '#features/browse/MoreFilters.tsx'
import { Results } from '#features/browse/Results.tsx'
import { SearchForm } from '#features/browse/SearchForm.tsx'
import { summary } from '#features/browse/summary.ts'
import './BrowsePage.css'

export function BrowsePage() {
  const [address, setAddress] = useSearchParams()
  const filters = parseFilters(address)
  const { limits } = useConfig()
  const change = (changes: Partial<Filters>) => setAddress(toSearchParams({ ...filters, ...changes }))
  const query = useInfiniteQuery({
    ...searchQuery(toTicketQuery(filters, limits)),
    placeholderData: keepPreviousData,
  })
  const tickets = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page title={filters.q ? `“${filters.q}”` : 'Browse tickets'}>
      <section className="hero">
        <Heading>
          Somebody can’t&nbsp;go.
          <br />
          You can.
        </Heading>
        <SearchForm filters={filters} change={change} />
        <FilterChips filters={filters} change={change} />
        <MoreFilters filters={filters} change={change} />
      </section>
      <div className="bar">
        <p role="status" className="muted small">
          {query.isSuccess && summary(tickets.length, query.hasNextPage, filters)}
          {query.isPending && 'Looking for tickets…'}
        </p>
        <SortSelect filters={filters} change={change} />
      </div>
      {query.isPending && <CardSkeletons count={8} />}
      {query.isError && tickets.length === 0 && <ErrorPanel error={query.error} retry={query.refetch} />}
      {query.isSuccess && tickets.length === 0 && (
        <NoResults filters={filters} clear={() => setAddress('')} />
      )}
      <Results tickets={tickets} byDay={filters.sort === 'soonest'} />
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        load={query.fetchNextPage}
        noun="tickets"
      />
    </Page>
  )
}

function SortSelect({ filters, change }: { filters: Filters; change: (changes: Partial<Filters>) => void }) {
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

function NoResults({ filters, clear }: { filters: Filters; clear: () => void }) {
  const searched = filters.q || filters.city || filters.category
  if (!hasFilters(filters)) {
    return (
      <section className="state panel">
        <h2>No tickets yet</h2>
        <p className="small">As soon as somebody can’t go, their ticket is here.</p>
      </section>
    )
  }
  return (
    <section className="state panel">
      <h2>{searched ? `No tickets for “${searched}”` : 'No tickets for these filters'}</h2>
      <p className="small">Check the spelling, or look without filters.</p>
      <button className="btn ghost" type="button" onClick={clear}>
        Clear filters
      </button>
    </section>
  )
}
