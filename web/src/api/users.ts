// Requests about the account: sessions, passwords, addresses, the links that are mailed, deletion.
import { api, unwrap } from './client.ts'
import { isProbablySignedIn, markSignedIn, markSignedOut, refreshSession } from './refresh.ts'
import type { Profile, Session, User } from './types.ts'

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

export const getProfile = async (): Promise<Profile> => unwrap(await api.GET('/api/users/me'))

/** The latest used first. */
export const listSessions = async (): Promise<Session[]> => unwrap(await api.GET('/api/users/me/sessions'))

export async function endOtherSessions(): Promise<void> {
  unwrap(await api.DELETE('/api/users/me/sessions'))
}

/** Has a link mailed. Raises ApiError: too_many_mails. */
export async function requestVerification(): Promise<void> {
  unwrap(await api.POST('/api/users/verification'))
}

/** Raises ApiError: link_invalid. */
export async function verifyEmail(token: string): Promise<void> {
  unwrap(await api.POST('/api/users/verify', { body: { token } }))
}

/** Has a link mailed if the address has an account; nobody learns here whether it has. */
export async function forgotPassword(email: string): Promise<void> {
  unwrap(await api.POST('/api/users/forgot', { body: { email } }))
}

/** All sessions of the account end. Raises ApiError: link_invalid. */
export async function resetPassword(body: { token: string; password: string }): Promise<void> {
  unwrap(await api.POST('/api/users/reset', { body }))
}

/** All other sessions end. Raises ApiError: wrong_password. */
export async function changePassword(body: { password: string; newPassword: string }): Promise<void> {
  unwrap(await api.PUT('/api/users/me/password', { body }))
}

/** Has a link mailed to the new address. Raises ApiError: wrong_password. */
export async function changeEmail(body: Credentials): Promise<void> {
  unwrap(await api.PUT('/api/users/me/email', { body }))
}

/** All other sessions end. Raises ApiError: link_invalid, email_taken. */
export async function confirmEmail(token: string): Promise<User> {
  return unwrap(await api.POST('/api/users/me/email/confirm', { body: { token } }))
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
