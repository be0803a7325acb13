// What to say to the user about a page or list that failed to load.
import { ApiError, NetworkError } from '#api/errors.ts'

export function describeError(error: Error): { title: string; text: string } {
  if (error instanceof NetworkError) {
    return navigator.onLine
      ? {
          title: 'We can’t reach Tiketz',
          text: 'The connection dropped, or we did. Nothing was bought or changed.',
        }
      : { title: 'You’re offline', text: 'Check your connection. Nothing was bought or changed.' }
  }
  if (error instanceof ApiError && error.status === 429) {
    return { title: 'That was a lot at once', text: error.message }
  }
  if (error instanceof ApiError && error.status < 500)
    return { title: 'That did not work', text: error.message }
  return {
    title: 'Something broke on our side',
    text: 'It is not you. Your tickets and your money are safe; try again in a minute.',
  }
}
