// A page that could not be loaded: says whose fault it is and offers to try again.
import { isRefusal, Refusal, Unreachable } from '../api/errors.ts'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { NotFoundPage } from '../pages/NotFoundPage.tsx'

interface Props {
  error: Error
  retry: () => void
}

export function TroublePage({ error, retry }: Props) {
  if (isRefusal(error, 404)) return <NotFoundPage />
  const { title, words } = explain(error)
  return (
    <Page title={title}>
      <section className="plain">
        <Heading step="trouble">{title}</Heading>
        <p>{words}</p>
        <button className="btn" type="button" onClick={retry}>
          Try again
        </button>
      </section>
    </Page>
  )
}

/** The same inside a page that stands, such as a list that did not come. */
export function TroublePanel({ error, retry }: Props) {
  const { title, words } = explain(error)
  return (
    <section className="state panel" role="alert">
      <h2>{title}</h2>
      <p className="small">{words}</p>
      <button className="btn" type="button" onClick={retry}>
        Try again
      </button>
    </section>
  )
}

function explain(error: Error): { title: string; words: string } {
  if (error instanceof Unreachable) {
    return navigator.onLine
      ? {
          title: 'We can’t reach Tiketz',
          words: 'The connection dropped, or we did. Nothing was bought or changed.',
        }
      : { title: 'You’re offline', words: 'Check your connection. Nothing was bought or changed.' }
  }
  if (error instanceof Refusal && error.status === 429) {
    return { title: 'That was a lot at once', words: 'Wait a minute, then try again.' }
  }
  if (error instanceof Refusal && error.status < 500)
    return { title: 'That did not work', words: error.message }
  return {
    title: 'Something broke on our side',
    words: 'It is not you. Your tickets and your money are safe; try again in a minute.',
  }
}
