// No ticket matches: what is near, without one of the filters.
import { useQueries } from '@tanstack/react-query'
import { Link } from 'react-router'
import { useConfig } from '#api/config.ts'
import { nearbyQuery } from '#api/queries.ts'
import { shortDateTime } from '#format/dates.ts'
import { isolate } from '#format/userText.ts'
import { type Filters, hasFilters, nearbyFilters, toSearchParams, toTicketQuery } from './filters.ts'
import { Cards } from './Results.tsx'

export function NoResults({ filters, clear }: { filters: Filters; clear: () => void }) {
  const { limits } = useConfig()
  const nearby = nearbyFilters(filters)
  const queries = useQueries({
    queries: nearby.map((each) => nearbyQuery(toTicketQuery(each.filters, limits))),
  })
  const found = nearby.flatMap((each, i) => {
    const tickets = queries[i]?.data?.items ?? []
    return tickets.length > 0 ? [{ ...each, tickets }] : []
  })
  if (!hasFilters(filters)) {
    return (
      <section className="state panel">
        <h2>No tickets yet</h2>
        <p className="small">As soon as somebody can’t go, their ticket is here.</p>
      </section>
    )
  }
  const searched = filters.q || filters.city || filters.category
  return (
    <>
      <section className="state panel">
        <h2>{searched ? `No tickets for “${isolate(searched)}”` : 'No tickets for these filters'}</h2>
        <p className="small">
          {found.length > 0
            ? 'This is what comes near.'
            : filters.q
              ? 'Check the spelling, or look without filters.'
              : 'Look without filters.'}
        </p>
        <button className="btn ghost" type="button" onClick={clear}>
          Clear filters
        </button>
      </section>
      {found.map(({ title, filters, tickets }) => (
        <section key={title}>
          <h2 className="day-name">{title}</h2>
          <Cards tickets={tickets} formatDate={shortDateTime} />
          <Link className="link small" to={`/?${toSearchParams(filters)}`}>
            All {title.toLowerCase()}
          </Link>
        </section>
      ))}
    </>
  )
}
