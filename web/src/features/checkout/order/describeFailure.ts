// What to say where extending or releasing a hold failed.
import { ApiError } from '#api/errors.ts'

export const describeFailure = (error: Error): string =>
  error instanceof ApiError ? error.message : 'We lost the connection. Try that again.'
