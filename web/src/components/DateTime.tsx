// A date or time in the reader’s locale, with the machine-readable value.
import { readerLocale } from '#format/locale.ts'

interface Props {
  value: string
  format: (iso: string) => string
}

export function DateTime({ value, format }: Props) {
  return (
    <time dateTime={value} lang={readerLocale()}>
      {format(value)}
    </time>
  )
}
