// A network that answers from a script, and remembers what it was asked.
import { vi } from 'vitest'

export interface Asked {
  method: string
  path: string
  headers: Headers
  body: unknown
}

type Reply = Response | 'no network' | ((asked: Asked) => Response)

/** Answers the requests in order, the last reply for all that follow. */
export function network(...replies: Reply[]): Asked[] {
  const asked: Asked[] = []
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(
      new URL(input instanceof Request ? input.url : input, window.location.origin),
      {
        ...(input instanceof Request ? { method: input.method, headers: input.headers } : {}),
        ...init,
      },
    )
    const text = input instanceof Request ? await input.clone().text() : ''
    const { pathname, search } = new URL(request.url)
    asked.push({
      method: request.method,
      path: pathname + search,
      headers: request.headers,
      body: text ? JSON.parse(text) : undefined,
    })
    const reply = replies.length > 1 ? replies.shift() : replies[0]
    if (reply === 'no network' || reply === undefined) throw new TypeError('Failed to fetch')
    return typeof reply === 'function' ? reply(asked[asked.length - 1] as Asked) : reply.clone()
  })
  return asked
}

export const answer = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers },
  })

export const refusal = (status: number, detail: string, field?: string, headers?: Record<string, string>) =>
  answer(
    status,
    {
      type: 'about:blank',
      title: 'No',
      status,
      detail,
      errors: [{ message: detail, ...(field && { field }) }],
    },
    headers,
  )
