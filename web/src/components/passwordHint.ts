// What a new password needs, for its field’s hint.
import type { Limits } from '#api/config.ts'

export const passwordHint = (limits: Limits['password'] | undefined): string =>
  [limits && `At least ${limits.minLength} characters.`, 'A sentence works well.'].filter(Boolean).join(' ')
