// Money: integer minor units on the wire, written as the reader writes it.
import type { Currency } from '../api/types.ts'
import { kept } from './kept.ts'
import { locale } from './locale.ts'

export const SYMBOLS: Record<Currency, string> = { eur: '€', usd: '$', gbp: '£' }

const formatter = kept((where, style: Intl.NumberFormatOptions) => new Intl.NumberFormat(where, style))

/** 4860 eur is "€48.60" in London and "€ 48,60" in Amsterdam. */
export function money(minor: number, currency: string, where = locale()): string {
  const style = {
    style: 'currency',
    currency: currency.toUpperCase(),
    currencyDisplay: 'narrowSymbol',
  } as const
  return formatter(where, style).format(minor / 100)
}

const COMMA_CENTS = /^(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}))?$/ // 1.250,50
const POINT_CENTS = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/ // 1,250.50

/** What somebody typed ("48.60", "48,6", "€ 1.250") in minor units; null when it is not an amount. */
export function minorUnits(typed: string): number | null {
  const bare = typed.replace(/[\s€$£'’]/g, '')
  const parts = COMMA_CENTS.exec(bare) ?? POINT_CENTS.exec(bare)
  if (!parts) return null
  const euros = Number((parts[1] ?? '').replace(/[.,]/g, ''))
  return euros * 100 + Number((parts[2] ?? '').padEnd(2, '0'))
}

/** How an amount stands in a text field, for editing. */
export const typedAmount = (minor: number): string => (minor / 100).toFixed(2)
