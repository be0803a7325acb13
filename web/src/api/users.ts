// Requests about the account: sign-up, sign-in, sign-out, the current user, deletion.
import { api, unwrap } from './client.ts'
import { isProbablySignedIn, markSignedIn, markSignedOut, refreshSession } from './refresh.ts'
import type { User } from './types.ts'

export interface Credentials {
  email: string
  password: string
}

/** The signed-in user, or null; an expired session is refreshed first. */
export async function getCurrentUser(): Promise<User | null> {
  const started = Date.now()
  const { currentUser } = unwrap(await api.GET('/api/users/currentuser'))
  if (currentUser) {
    markSignedIn()
    return currentUser
  }
  if (!isProbablySignedIn() || !(await refreshSession(started))) return null
  return unwrap(await api.GET('/api/users/currentuser')).currentUser
}

export async function signUp(body: Credentials): Promise<User> {
  return startSession(unwrap(await api.POST('/api/users/signup', { body })))
}

export async function signIn(body: Credentials): Promise<User> {
  return startSession(unwrap(await api.POST('/api/users/signin', { body })))
}

export async function signOut(): Promise<void> {
  unwrap(await api.POST('/api/users/signout'))
  markSignedOut()
  await clearOfflineCopies()
}

/** Raises ApiError: wrong_password, or orders_pending while an order is pending. */
export async function deleteAccount(password: string): Promise<void> {
  unwrap(await api.DELETE('/api/users/me', { body: { password } }))
  markSignedOut()
  sessionStorage.clear() // drafts
  await clearOfflineCopies()
}

async function startSession(user: User): Promise<User> {
  markSignedIn()
  await clearOfflineCopies()
  return user
}

/** The service worker's copies belong to one user. */
async function clearOfflineCopies(): Promise<void> {
  if ('caches' in window) await caches.delete('tiketz-mine')
}
