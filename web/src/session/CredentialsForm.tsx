// E-mail and password, for the way in and for joining; made for password managers and for paste.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { session } from '../api/queries.ts'
import type { User } from '../api/types.ts'
import type { Credentials } from '../api/users.ts'
import { TextField } from '../parts/Field.tsx'
import { FormError } from '../parts/FormError.tsx'
import { type Complaints, complaintsOf, useComplaints } from '../parts/useComplaints.ts'

interface Props {
  kind: 'in' | 'up'
  submit: string
  send: (credentials: Credentials) => Promise<User>
}

export function CredentialsForm({ kind, submit, send }: Props) {
  const cache = useQueryClient()
  const { form, complaints, setComplaints } = useComplaints()
  const [shown, setShown] = useState(false)
  const sending = useMutation({
    mutationFn: send,
    onSuccess: (user) => {
      cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== session.queryKey[0] })
      cache.setQueryData(session.queryKey, user)
    },
    onError: (error) => setComplaints(complaintsOf(error, ['email', 'password'])),
  })
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (sending.isPending) return
    const typed = new FormData(event.currentTarget)
    const credentials = { email: String(typed.get('email')).trim(), password: String(typed.get('password')) }
    const wrong = check(credentials, kind)
    setComplaints(wrong)
    if (Object.keys(wrong).length === 0) sending.mutate(credentials)
  }
  return (
    <form className="pay" ref={form} onSubmit={onSubmit} noValidate method="post">
      <FormError message={complaints.form} />
      <TextField
        name="email"
        label="E-mail"
        type="email"
        autoComplete="username"
        error={complaints.email}
        required
      />
      <TextField
        name="password"
        label="Password"
        type={shown ? 'text' : 'password'}
        autoComplete={kind === 'up' ? 'new-password' : 'current-password'}
        hint={kind === 'up' ? 'At least 8 characters. A sentence works well.' : undefined}
        error={complaints.password}
        maxLength={128}
        required
      />
      <label className="tick">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
        Show the password
      </label>
      <button className="btn block" type="submit" aria-disabled={sending.isPending}>
        {sending.isPending ? 'One moment…' : submit}
      </button>
    </form>
  )
}

function check({ email, password }: Credentials, kind: Props['kind']): Complaints {
  const wrong: Complaints = {}
  if (!/^\S+@\S+\.\S+$/.test(email)) wrong.email = 'Write your e-mail address, like ada@example.com.'
  if (!password) wrong.password = 'Write your password.'
  else if (kind === 'up' && password.length < 8) wrong.password = 'Make it at least 8 characters.'
  return wrong
}
