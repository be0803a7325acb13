// After prices that were compared within one currency: the same search in the other currencies.
import { useQueries } from '@tanstack/react-query'
import { Link } from 'react-router'
import { useConfig } from '#api/config.ts'
import { nearbyQuery } from '#api/queries.ts'
import { shortDateTime } from '#format/dates.ts'
import { SYMBOLS } from '#format/money.ts'
import { type Filters, toSearchParams, toTicketQuery } from './filters.ts'
import { Cards } from './Results.tsx'
import { currencyName } from './summary.ts'

const SHOWN = 4

export function OtherCurrencies({ filters }: { filters: Filters }) {
  const { limits } = useConfig()
  const others = Object.keys(SYMBOLS).filter((currency) => currency !== filters.currency)
  const searches = others.map((currency) => ({ ...filters, currency, max: '' }))
  const queries = useQueries({
    queries: searches.map((each) => nearbyQuery(toTicketQuery(each, limits), SHOWN)),
  })
  return searches.map((search, i) => {
    const tickets = queries[i]?.data?.items ?? []
    const name = currencyName(search.currency)
    if (tickets.length === 0) return null
    return (
      <section key={search.currency}>
        <h2 className="day-name">In {name}</h2>
        <p className="small muted found">These prices are not compared with the ones above.</p>
        <Cards tickets={tickets} formatDate={shortDateTime} />
        <Link className="link small" to={`/?${toSearchParams(search)}`}>
          All in {name}
        </Link>
      </section>
    )
  })
}
