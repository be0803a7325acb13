// A simulated network: canned responses, and a record of the requests.
import { vi } from 'vitest'
import type { ErrorCode } from '#api/types.ts'

export interface RecordedRequest {
  method: string
  path: string
  headers: Headers
  body: unknown
}

type Reply = Response | 'no network' | ((request: RecordedRequest) => Response)

/** Replies to the requests in order, with the last reply to all that follow. Returns the requests. */
export function simulateNetwork(...replies: Reply[]): RecordedRequest[] {
  const requests: RecordedRequest[] = []
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
    const recorded = {
      method: request.method,
      path: pathname + search,
      headers: request.headers,
      body: text ? JSON.parse(text) : undefined,
    }
    requests.push(recorded)
    const reply = replies.length > 1 ? replies.shift() : replies[0]
    if (reply === 'no network' || reply === undefined) throw new TypeError('Failed to fetch')
    return typeof reply === 'function' ? reply(recorded) : reply.clone()
  })
  return requests
}

export const json = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers },
  })

interface ProblemFields {
  code?: ErrorCode
  field?: string
  headers?: Record<string, string>
}

/** An error response as the API writes it, or as it did before errors had codes. */
export const problem = (status: number, detail: string, { code, field, headers }: ProblemFields = {}) =>
  json(
    status,
    {
      type: 'about:blank',
      title: 'No',
      status,
      ...(code && { code }),
      detail,
      errors: [{ message: detail, ...(field && { field }) }],
    },
    headers,
  )
