// Paths to and from the sign-in page.

/** Where to go after signing in: a path of this site, "/" where the `next` parameter leads elsewhere. */
export function safeNext(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/'
  return /^\/(?![/\\])/.test(next) ? next : '/' // "//host" and "/\host" would leave the site
}

export const signInPath = (next: string): string => `/signin?next=${encodeURIComponent(next)}`
