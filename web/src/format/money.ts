// Money: integer minor units from the API, the reader’s locale on the page.
import type { Currency } from '#api/types.ts'
import { readerLocale } from './locale.ts'
import { memoizeFormatter } from './memoizeFormatter.ts'

export const SYMBOLS: Record<Currency, string> = { eur: '€', usd: '$', gbp: '£' }

const formatter = memoizeFormatter(
  (locale, style: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, style),
)

const LATIN = { numberingSystem: 'latn' } as const // the page is in English

/** 4860 eur is "€48.60" in London and "€ 48,60" in Amsterdam. */
export function money(minor: number, currency: string, locale = readerLocale()): string {
  const style = {
    ...LATIN,
    style: 'currency',
    currency: currency.toUpperCase(),
    currencyDisplay: 'narrowSymbol',
  } as const
  return formatter(locale, style).format(minor / 100)
}

/** The value of a text field for an amount: "48.60" in London, "48,60" in Amsterdam. */
export function toAmountInput(minor: number, locale = readerLocale()): string {
  const style = { ...LATIN, minimumFractionDigits: 2, useGrouping: false } as const
  return formatter(locale, style).format(minor / 100)
}

/** "." in London, "," in Amsterdam. */
export function decimalSeparator(locale = readerLocale()): string {
  const parts = formatter(locale, LATIN).formatToParts(0.5)
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.'
}
