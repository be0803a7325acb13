// Endless lists: the next page is whatever the answer's Link header says.
import { unwrap } from './client.ts'
import type { Listed } from './types.ts'

/** The cursor in `Link: <…?cursor=…>; rel="next"` (RFC 8288), or null on the last page. */
export function nextCursor(link: string | null): string | null {
  const target = link?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/)?.[1]
  return target === undefined ? null : new URL(target, window.location.origin).searchParams.get('cursor')
}

export function listed<T>(answer: { data?: T[]; error?: unknown; response: Response }): Listed<T> {
  return { items: unwrap(answer), next: nextCursor(answer.response.headers.get('Link')) }
}
