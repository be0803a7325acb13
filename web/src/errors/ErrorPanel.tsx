// Instead of a part of a page that failed to load, such as a list: the reason, and a button that retries.
import { describeError } from './describeError.ts'

interface Props {
  error: Error
  retry: () => void
}

export function ErrorPanel({ error, retry }: Props) {
  const { title, text } = describeError(error)
  return (
    <section className="state panel" role="alert">
      <h2>{title}</h2>
      <p className="small">{text}</p>
      <button className="btn" type="button" onClick={retry}>
        Try again
      </button>
    </section>
  )
}
