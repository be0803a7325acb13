// Money: integer minor units from the API, the reader’s locale on the page.
import type { Currency } from '#api/types.ts'
import { readerLocale } from './locale.ts'
import { memoizeFormatter } from './memoizeFormatter.ts'

export const SYMBOLS: Record<Currency, string> = { eur: '€', usd: '$', gbp: '£' }

const formatter = memoizeFormatter(
  (locale, style: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, style),
)

/** 4860 eur is "€48.60" in London and "€ 48,60" in Amsterdam. */
export function money(minor: number, currency: string, locale = readerLocale()): string {
  const style = {
    style: 'currency',
    currency: currency.toUpperCase(),
    currencyDisplay: 'narrowSymbol',
  } as const
  return formatter(locale, style).format(minor / 100)
}

const COMMA_CENTS = /^(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}))?$/ // 1.250,50
const POINT_CENTS = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/ // 1,250.50

/** Minor units of what was typed ("48.60", "48,6", "€ 1.250"); null when it is not an amount. */
export function parseAmount(typed: string): number | null {
  const bare = typed.replace(/[\s€$£'’]/g, '')
  const parts = COMMA_CENTS.exec(bare) ?? POINT_CENTS.exec(bare)
  if (!parts) return null
  const euros = Number((parts[1] ?? '').replace(/[.,]/g, ''))
  return euros * 100 + Number((parts[2] ?? '').padEnd(2, '0'))
}

/** The value of a text field for an amount. */
export const toAmountInput = (minor: number): string => (minor / 100).toFixed(2)
