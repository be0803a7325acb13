// The front page: look for a ticket somebody cannot use.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { search } from '../api/queries.ts'
import { FilterChips } from '../browse/FilterChips.tsx'
import { addressOf, type Filters, filtersIn, isNarrowed, queryOf, SORTS } from '../browse/filters.ts'
import { MoreFilters } from '../browse/MoreFilters.tsx'
import { Results } from '../browse/Results.tsx'
import { SearchForm } from '../browse/SearchForm.tsx'
import { summary } from '../browse/summary.ts'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { CardSkeletons } from '../parts/CardSkeletons.tsx'
import { EndlessEnd } from '../parts/EndlessEnd.tsx'
import { TroublePanel } from '../trouble/Trouble.tsx'

export function BrowsePage() {
  const [address, setAddress] = useSearchParams()
  const filters = filtersIn(address)
  const change = (some: Partial<Filters>) => setAddress(addressOf({ ...filters, ...some }))
  const found = useInfiniteQuery({ ...search(queryOf(filters)), placeholderData: keepPreviousData })
  const tickets = found.data?.pages.flatMap((page) => page.items) ?? []
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
          {found.isSuccess && summary(tickets.length, found.hasNextPage, filters)}
          {found.isPending && 'Looking for tickets…'}
        </p>
        <SortSelect filters={filters} change={change} />
      </div>
      {found.isPending && <CardSkeletons count={8} />}
      {found.isError && tickets.length === 0 && <TroublePanel error={found.error} retry={found.refetch} />}
      {found.isSuccess && tickets.length === 0 && <Nothing filters={filters} clear={() => setAddress('')} />}
      <Results tickets={tickets} byDay={filters.sort === 'soonest'} />
      <EndlessEnd
        hasMore={found.hasNextPage}
        busy={found.isFetchingNextPage}
        more={found.fetchNextPage}
        what="tickets"
      />
    </Page>
  )
}

function SortSelect({ filters, change }: { filters: Filters; change: (some: Partial<Filters>) => void }) {
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

function Nothing({ filters, clear }: { filters: Filters; clear: () => void }) {
  const sought = filters.q || filters.city || filters.category
  if (!isNarrowed(filters)) {
    return (
      <section className="state panel">
        <h2>No tickets yet</h2>
        <p className="small">As soon as somebody can’t go, their ticket is here.</p>
      </section>
    )
  }
  return (
    <section className="state panel">
      <h2>{sought ? `No tickets for “${sought}”` : 'No tickets for these filters'}</h2>
      <p className="small">Check the spelling, or look without filters.</p>
      <button className="btn ghost" type="button" onClick={clear}>
        Clear filters
      </button>
    </section>
  )
}
