// Leaves: cookies, cache and offline copies go with it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { session } from '../api/queries.ts'
import { signOut } from '../api/users.ts'

export function SignOutButton({ className }: { className: string }) {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate('/')
      cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== session.queryKey[0] })
      cache.setQueryData(session.queryKey, null)
    },
  })
  return (
    <button className={className} type="button" onClick={() => leave.mutate()} disabled={leave.isPending}>
      Sign out
    </button>
  )
}
