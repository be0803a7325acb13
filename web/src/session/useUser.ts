// Who is here.
import { useQuery } from '@tanstack/react-query'
import { session } from '../api/queries.ts'
import type { User } from '../api/types.ts'

interface Here {
  user: User | null
  /** False until we have heard whether anybody is signed in. */
  known: boolean
}

export function useUser(): Here {
  const { data, isPending } = useQuery(session)
  return { user: data ?? null, known: !isPending }
}
