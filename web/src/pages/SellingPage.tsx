// What this person sells: every listing with what is reserved, sold and left.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { listings } from '../api/queries.ts'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { CardSkeletons } from '../parts/CardSkeletons.tsx'
import { EndlessEnd } from '../parts/EndlessEnd.tsx'
import { ListingCard } from '../selling/ListingCard.tsx'
import { TroublePanel } from '../trouble/Trouble.tsx'

export function SellingPage() {
  const found = useInfiniteQuery(listings)
  const mine = found.data?.pages.flatMap((page) => page.items) ?? []
  const isEmpty = found.isSuccess && mine.length === 0
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
      {found.isPending && <CardSkeletons count={4} />}
      {found.isError && mine.length === 0 && <TroublePanel error={found.error} retry={found.refetch} />}
      {isEmpty && (
        <section className="state panel">
          <h2>Nothing listed yet</h2>
          <p className="small">Can’t go? Somebody else would love to.</p>
        </section>
      )}
      <ul className="list">
        {mine.map((ticket) => (
          <ListingCard key={ticket.id} ticket={ticket} />
        ))}
      </ul>
      <EndlessEnd
        hasMore={found.hasNextPage}
        busy={found.isFetchingNextPage}
        more={found.fetchNextPage}
        what="listings"
      />
    </Page>
  )
}
