// Paged lists: the `Link` header of a page holds the cursor of the next one.
import { unwrap } from './client.ts'
import type { ResultPage } from './types.ts'

/** The cursor in `Link: <…?cursor=…>; rel="next"` (RFC 8288), or null on the last page. */
export function nextCursor(link: string | null): string | null {
  const target = link?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/)?.[1]
  return target === undefined ? null : new URL(target, window.location.origin).searchParams.get('cursor')
}

export function toResultPage<T>(result: { data?: T[]; error?: unknown; response: Response }): ResultPage<T> {
  return { items: unwrap(result), next: nextCursor(result.response.headers.get('Link')) }
}
