// The buyer’s orders: waiting for payment, paid, and ended.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { serverNow } from '#api/clock.ts'
import { ordersQuery } from '#api/queries.ts'
import { Heading } from '#components/Heading.tsx'
import { LoadMore } from '#components/LoadMore.tsx'
import { Page } from '#components/Page.tsx'
import { ErrorPanel } from '#errors/ErrorPanel.tsx'
import { isHeld } from '#features/checkout/hold/useHeldOrders.ts'
import { byEvent } from '#features/checkout/order/byEvent.ts'
import { HeldOrder } from '#features/checkout/order/HeldOrder.tsx'
import { OwnedTicket } from '#features/checkout/order/OwnedTicket.tsx'
import { PastOrders } from '#features/checkout/order/PastOrders.tsx'

export function MyTicketsPage() {
  const query = useInfiniteQuery({ ...ordersQuery, staleTime: 0 })
  const orders = query.data?.pages.flatMap((page) => page.items) ?? []
  const held = orders.filter(isHeld)
  const { coming, over } = byEvent(
    orders.filter((order) => order.status === 'completed'),
    serverNow(),
  )
  const past = orders.filter((order) => order.status !== 'completed' && !isHeld(order))
  return (
    <Page title="My tickets">
      <section className="hero">
        <Heading>My tickets</Heading>
      </section>
      {query.isPending && (
        <div className="states" aria-hidden="true">
          {SKELETON}
        </div>
      )}
      {query.isError && orders.length === 0 && <ErrorPanel error={query.error} retry={query.refetch} />}
      {query.isSuccess && orders.length === 0 && <NoTickets />}
      {held.length + coming.length > 0 && (
        <div className="states">
          {held.map((order) => (
            <HeldOrder key={order.id} order={order} />
          ))}
          {coming.map((order) => (
            <OwnedTicket key={order.id} order={order} linked />
          ))}
        </div>
      )}
      {over.length > 0 && <PastOrders kind="attended" orders={over} />}
      {past.length > 0 && <PastOrders kind="ended" orders={past} />}
      <LoadMore
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        load={query.fetchNextPage}
        noun="orders"
      />
    </Page>
  )
}

const SKELETON = (
  <>
    <div className="panel skeleton" />
    <div className="panel skeleton" />
    <div className="panel skeleton" />
  </>
)

function NoTickets() {
  return (
    <section className="state panel">
      <h2>No tickets yet</h2>
      <p className="small">What you buy is kept here, and opens without signal.</p>
      <Link className="btn" to="/">
        Browse tickets
      </Link>
    </section>
  )
}
