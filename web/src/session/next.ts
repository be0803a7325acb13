// Where to return after signing in: a path of ours, never anybody else's address.

export function safeNext(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/'
  return /^\/(?![/\\])/.test(next) ? next : '/' // "//host" and "/\host" would leave the site
}

export const signInPath = (next: string): string => `/signin?next=${encodeURIComponent(next)}`
