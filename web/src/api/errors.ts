// What can go wrong with a request: the API returns an error, or no response arrives.
import type { ErrorCode } from './types.ts'

export interface FieldError {
  message: string
  field?: string | undefined
}

/** The API's error response. `message` is a sentence for the user. */
export class ApiError extends Error {
  readonly status: number
  /** Undefined where the response had none, such as the gateway's own. */
  readonly code: ErrorCode | undefined
  readonly fieldErrors: FieldError[]

  constructor(status: number, code: ErrorCode | undefined, message: string, fieldErrors: FieldError[]) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.fieldErrors = fieldErrors
  }
}

/** No response: the network or the server is down. Whether the request took effect is unknown. */
export class NetworkError extends Error {
  constructor(options?: ErrorOptions) {
    super('We can’t reach Tiketz right now.', options)
    this.name = 'NetworkError'
  }
}

export const hasStatus = (error: unknown, status: number): error is ApiError =>
  error instanceof ApiError && error.status === status

/** Judges by the code, and by the status where the response had no code. */
export const hasCode = (error: unknown, code: ErrorCode, status: number): error is ApiError =>
  error instanceof ApiError && (error.code === undefined ? error.status === status : error.code === code)

/** A body that is not problem+json (the gateway's own 401, a proxy's 502) leaves the status alone to judge by. */
export function toApiError(status: number, body: unknown): ApiError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as {
    code?: unknown
    detail?: unknown
    errors?: unknown
  }
  const fieldErrors = Array.isArray(problem.errors) ? problem.errors.filter(isFieldError) : []
  const message = typeof problem.detail === 'string' ? problem.detail : fieldErrors[0]?.message
  const code = typeof problem.code === 'string' ? (problem.code as ErrorCode) : undefined
  return new ApiError(status, code, message ?? unexplained(status), fieldErrors)
}

/** A sentence for a response without one, such as the gateway's own where all clients together are too many. */
function unexplained(status: number): string {
  if (status === 429) return 'Too many requests at once. Wait a minute, then try again.'
  return 'Something went wrong. Please try again.'
}

function isFieldError(value: unknown): value is FieldError {
  return typeof value === 'object' && value !== null && typeof (value as FieldError).message === 'string'
}
