// Work that needs somebody: when the session is gone for good, the way leads over signing in and back here.
import { useQueryClient } from '@tanstack/react-query'
import { isRefusal } from '../api/errors.ts'
import { session } from '../api/queries.ts'

/** Runs the work; a 401 makes the page's RequireSession lead to sign-in, and is raised on. */
export function useSignInFirst() {
  const cache = useQueryClient()
  return async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (isRefusal(error, 401)) cache.setQueryData(session.queryKey, null)
      throw error
    }
  }
}
