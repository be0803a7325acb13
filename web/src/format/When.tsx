// A moment as a person reads it and a machine can, in the reader's own language.
import { locale } from './locale.ts'

interface Props {
  at: string
  as: (iso: string) => string
}

export function When({ at, as }: Props) {
  return (
    <time dateTime={at} lang={locale()}>
      {as(at)}
    </time>
  )
}
