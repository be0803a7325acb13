// Instead of a page that failed to load: the reason, and a button that retries.
import { hasStatus } from '#api/errors.ts'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'
import { describeError } from './describeError.ts'
import { NotFoundPage } from './NotFoundPage.tsx'

interface Props {
  error: Error
  retry: () => void
}

export function ErrorPage({ error, retry }: Props) {
  if (hasStatus(error, 404)) return <NotFoundPage />
  const { title, text } = describeError(error)
  return (
    <Page title={title}>
      <section className="plain">
        <Heading step="error">{title}</Heading>
        <p>{text}</p>
        <button className="btn" type="button" onClick={retry}>
          Try again
        </button>
      </section>
    </Page>
  )
}
