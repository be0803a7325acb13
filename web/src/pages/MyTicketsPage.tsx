// Everything this person bought or is buying: waiting for payment, theirs, and what came to nothing.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { serverNow } from '../api/clock.ts'
import { orders as ordersQuery } from '../api/queries.ts'
import type { Order } from '../api/types.ts'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { HeldOrder } from '../order/HeldOrder.tsx'
import { OwnedTicket } from '../order/OwnedTicket.tsx'
import { PastOrders } from '../order/PastOrders.tsx'
import { EndlessEnd } from '../parts/EndlessEnd.tsx'
import { TroublePanel } from '../trouble/Trouble.tsx'

export function MyTicketsPage() {
  const found = useInfiniteQuery({ ...ordersQuery, staleTime: 0 })
  const orders = found.data?.pages.flatMap((page) => page.items) ?? []
  const alive = (order: Order) => order.status === 'pending' && Date.parse(order.expiresAt) > serverNow()
  const held = orders.filter(alive)
  const owned = orders.filter((order) => order.status === 'completed')
  const past = orders.filter((order) => order.status !== 'completed' && !alive(order))
  return (
    <Page title="My tickets">
      <section className="hero">
        <Heading>My tickets</Heading>
      </section>
      {found.isPending && (
        <div className="states skeletons" aria-hidden="true">
          {SKELETON}
        </div>
      )}
      {found.isError && orders.length === 0 && <TroublePanel error={found.error} retry={found.refetch} />}
      {found.isSuccess && orders.length === 0 && <NothingYet />}
      {held.length + owned.length > 0 && (
        <div className="states">
          {held.map((order) => (
            <HeldOrder key={order.id} order={order} />
          ))}
          {owned.map((order) => (
            <OwnedTicket key={order.id} order={order} linked />
          ))}
        </div>
      )}
      {past.length > 0 && <PastOrders orders={past} />}
      <EndlessEnd
        hasMore={found.hasNextPage}
        busy={found.isFetchingNextPage}
        more={found.fetchNextPage}
        what="orders"
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

function NothingYet() {
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
