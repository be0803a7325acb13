// What can go wrong with a request: the API refuses with a sentence, or nobody answers.

export interface Complaint {
  message: string
  field?: string | undefined
}

/** The API answered no. `message` is a sentence a person can read. */
export class Refusal extends Error {
  readonly status: number
  readonly complaints: Complaint[]

  constructor(status: number, message: string, complaints: Complaint[] = []) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.complaints = complaints
  }
}

/** No answer came: the network is down, or the server is. Nothing is known about what happened. */
export class Unreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('We can’t reach Tiketz right now.', options)
    this.name = 'Unreachable'
  }
}

export const isRefusal = (error: unknown, status: number): error is Refusal =>
  error instanceof Refusal && error.status === status

/** A body that is not problem+json (a gateway's own 401, a proxy's 502) is judged by its status alone. */
export function refusalOf(status: number, body: unknown): Refusal {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as {
    detail?: unknown
    errors?: unknown
  }
  const complaints = Array.isArray(problem.errors) ? problem.errors.filter(isComplaint) : []
  const message = typeof problem.detail === 'string' ? problem.detail : complaints[0]?.message
  return new Refusal(status, message ?? 'Something went wrong. Please try again.', complaints)
}

function isComplaint(value: unknown): value is Complaint {
  return typeof value === 'object' && value !== null && typeof (value as Complaint).message === 'string'
}
