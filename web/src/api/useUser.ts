// The signed-in user.
import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from './queries.ts'
import type { User } from './types.ts'

interface Session {
  user: User | null
  /** False until the API has said whether a user is signed in. */
  isLoaded: boolean
}

export function useUser(): Session {
  const { data, isPending } = useQuery(sessionQuery)
  return { user: data ?? null, isLoaded: !isPending }
}
