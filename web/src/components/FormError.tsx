// An error about a form as a whole.
import { Note } from './Note.tsx'

export function FormError({ message }: { message: string | undefined }) {
  if (!message) return null
  return (
    <div data-form-error tabIndex={-1}>
      <Note kind="bad" alert>
        {message}
      </Note>
    </div>
  )
}
