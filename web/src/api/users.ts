// Requests about the person: signing up, in and out, who is here, and leaving for good.
import { api, unwrap } from './client.ts'
import { forgetSession, mayHaveSession, refreshSession, rememberSession } from './refresh.ts'
import type { User } from './types.ts'

export interface Credentials {
  email: string
  password: string
}

/** Who is here; a session that ran out is renewed first. Null: nobody. */
export async function whoIsHere(): Promise<User | null> {
  const started = Date.now()
  const { currentUser } = unwrap(await api.GET('/api/users/currentuser'))
  if (currentUser) {
    rememberSession()
    return currentUser
  }
  if (!mayHaveSession() || !(await refreshSession(started))) return null
  return unwrap(await api.GET('/api/users/currentuser')).currentUser
}

export async function signUp(body: Credentials): Promise<User> {
  return welcome(unwrap(await api.POST('/api/users/signup', { body })))
}

export async function signIn(body: Credentials): Promise<User> {
  return welcome(unwrap(await api.POST('/api/users/signin', { body })))
}

export async function signOut(): Promise<void> {
  unwrap(await api.POST('/api/users/signout'))
  forgetSession()
  await forgetOfflineCopies()
}

/** Raises a 403 Refusal for a wrong password, a 409 one while an order of theirs is pending. */
export async function deleteAccount(password: string): Promise<void> {
  unwrap(await api.DELETE('/api/users/me', { body: { password } }))
  forgetSession()
  sessionStorage.clear() // drafts
  await forgetOfflineCopies()
}

async function welcome(user: User): Promise<User> {
  rememberSession()
  await forgetOfflineCopies()
  return user
}

/** What the service worker keeps for reading without signal belongs to one person. */
async function forgetOfflineCopies(): Promise<void> {
  if ('caches' in window) await caches.delete('tiketz-mine')
}
