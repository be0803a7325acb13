// Signs out, which also deletes the cached data and offline copies.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { setUser } from '#api/queries.ts'
import { signOut } from '#api/users.ts'

export function SignOutButton({ className }: { className: string }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const signingOut = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate('/')
      setUser(client, null)
    },
  })
  return (
    <button
      className={className}
      type="button"
      onClick={() => signingOut.mutate()}
      disabled={signingOut.isPending}
    >
      Sign out
    </button>
  )
}
