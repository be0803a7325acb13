// The seller’s own listings.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { listingsQuery } from '#api/queries.ts'
import { CardSkeletons } from '#components/CardSkeletons.tsx'
import { Heading } from '#components/Heading.tsx'
import { LoadMore } from '#components/LoadMore.tsx'
import { Page } from '#components/Page.tsx'
import { ErrorPanel } from '#errors/ErrorPanel.tsx'
import { ListingCard } from '#features/selling/ListingCard.tsx'

export function SellingPage() {
  const query = useInfiniteQuery(listingsQuery)
  const listings = query.data?.pages.flatMap((page) => page.items) ?? []
  const isEmpty = query.isSuccess && listings.length === 0
  return (
    <Page title="Selling">
      <section className="hero">
        <Heading>Selling</Heading>
        <p>
          <Link className="btn" to="/sell">
            Sell a ticket
          </Link>
        </p>
      </section>
      {query.isPending && <CardSkeletons count={4} />}
      {query.isError && listings.length === 0 && <ErrorPanel error={query.error} retry={query.refetch} />}
      {isEmpty && (
        <section className="state panel">
          <h2>Nothing listed yet</h2>
          <p className="small">Can’t go? Somebody else would love to.</p>
        </section>
      )}
      <ul className="list">
        {listings.map((ticket) => (
          <ListingCard key={ticket.id} ticket={ticket} />
        ))}
      </ul>
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        load={query.fetchNextPage}
        noun="listings"
      />
    </Page>
  )
}
