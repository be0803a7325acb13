// The tickets that match the filters: how many, the list, and more of it on scrolling.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useConfig } from '#api/config.ts'
import { searchQuery } from '#api/queries.ts'
import { CardSkeletons } from '#components/CardSkeletons.tsx'
import { LoadMore } from '#components/LoadMore.tsx'
import { ErrorPanel } from '#errors/ErrorPanel.tsx'
import { type Filters, toTicketQuery } from './filters.ts'
import { NoResults } from './NoResults.tsx'
import { OtherCurrencies } from './OtherCurrencies.tsx'
import { isSparse, Results } from './Results.tsx'
import { summary } from './summary.ts'

export function SearchResults({ filters, clear }: { filters: Filters; clear: () => void }) {
  const { limits } = useConfig()
  const query = useInfiniteQuery({
    ...searchQuery(toTicketQuery(filters, limits)),
    placeholderData: keepPreviousData,
  })
  const tickets = query.data?.pages.flatMap((page) => page.items) ?? []
  const firstPage = query.data?.pages[0]?.items ?? [] // it decides: the list must not regroup while it grows
  return (
    <>
      <p role="status" className="muted small found">
        {query.isSuccess && summary(tickets, query.hasNextPage, filters)}
        {query.isPending && 'Looking for tickets…'}
      </p>
      {query.isPending && <CardSkeletons count={8} />}
      {query.isError && tickets.length === 0 && <ErrorPanel error={query.error} retry={query.refetch} />}
      {query.isSuccess && tickets.length === 0 && <NoResults filters={filters} clear={clear} />}
      <Results tickets={tickets} byDay={filters.sort === 'soonest' && !isSparse(firstPage)} />
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        load={query.fetchNextPage}
        noun="tickets"
      />
      {filters.currency && query.isSuccess && !query.hasNextPage && <OtherCurrencies filters={filters} />}
    </>
  )
}
