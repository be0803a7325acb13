// The stage's public settings in /config.json, loaded once per page.
import { queryOptions, useQuery } from '@tanstack/react-query'
import { NetworkError, toApiError } from './errors.ts'

/** As the API's models have them: see docs/limits.json. */
export type Limits = typeof import('../../../docs/limits.json')

/** The config.json of an older stage has no hold and no limits, and not all limits of today. */
export interface Config {
  stripeKey: string
  stripeJs: string
  holdSeconds?: number
  limits?: Partial<Limits>
}

export const configQuery = queryOptions({
  queryKey: ['config'],
  queryFn: readConfig,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
})

/** The hold's length and the limits. What is not known is undefined; the API enforces all limits anyway. */
export function useConfig(): { holdSeconds: number | undefined; limits: Partial<Limits> } {
  const { data } = useQuery(configQuery)
  return { holdSeconds: data?.holdSeconds, limits: data?.limits ?? {} }
}

async function readConfig(): Promise<Config> {
  const response = await fetch('/config.json').catch((cause: unknown) => {
    throw new NetworkError({ cause })
  })
  if (!response.ok) throw toApiError(response.status, null)
  return response.json() as Promise<Config>
}
