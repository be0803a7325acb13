// Amounts as people type them, read by the reader’s locale; what may mean two amounts is not guessed.
import type { Currency } from '#api/types.ts'
import { readerLocale } from './locale.ts'
import { decimalSeparator, SYMBOLS } from './money.ts'

export type Reading =
  | { kind: 'empty' }
  | { kind: 'amount'; minor: number }
  /** "1.250": the likelier one first, in minor units. Only one where the other has tenths of a cent. */
  | { kind: 'ambiguous'; choices: number[] }
  | { kind: 'invalid' }

const CURRENCIES = /[€$£]|(?<![a-z])(eur|usd|gbp)(?![a-z])/gi
const SPACES = /[\s'’]/g // also thousands separators: "1 250" in French, "1’250" in Swiss German
const PLAIN = /^(\d*)[.,]?$|^(\d*)[.,](\d{1,2})$/ // 48, 48. and 48.60
const GROUPS = /^\d{1,3}(?:\.\d{3})+$|^\d{1,3}(?:,\d{3})+$|^\d{1,2}(?:,\d{2})*,\d{3}$/ // the last one is Indian
const GROUPS_AND_CENTS =
  /^(\d{1,3}(?:\.\d{3})+|\d+),(\d{1,2})$|^(\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}|\d+)\.(\d{1,2})$/
const ONE_GROUP_OR_THREE_DECIMALS = /^(\d{1,3})([.,])(\d{3})$/

/** Reads "48.60", "48,6", "€ 1.250,00", "٤٨٫٦٠" or "１２"; negative amounts and other text are invalid. */
export function readAmount(typed: string, locale = readerLocale()): Reading {
  const text = toPlainDigits(typed).replace(CURRENCIES, '').trim()
  if (!text) return { kind: /\S/.test(typed) ? 'invalid' : 'empty' }
  if (/\d[\s'’]\d/.test(text) && !/^\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d{0,2})?$/.test(text))
    return { kind: 'invalid' }
  const bare = text.replace(SPACES, '')
  const unclear = ONE_GROUP_OR_THREE_DECIMALS.exec(bare)
  if (unclear && bare === text) return readUnclear(unclear, locale)
  const plain = PLAIN.exec(bare)
  if (plain && /\d/.test(bare)) return amount(plain[1] ?? plain[2] ?? '', plain[3] ?? '')
  if (GROUPS.test(bare)) return amount(bare, '')
  const parts = GROUPS_AND_CENTS.exec(bare)
  if (!parts) return { kind: 'invalid' }
  return amount(parts[1] ?? parts[3] ?? '', parts[2] ?? parts[4] ?? '')
}

/** Minor units; null for what is not one amount. */
export function parseAmount(typed: string, locale = readerLocale()): number | null {
  const reading = readAmount(typed, locale)
  return reading.kind === 'amount' ? reading.minor : null
}

/** The currency whose sign or code was typed with the amount; null where there is none. */
export function typedCurrency(typed: string): Currency | null {
  const [found] = typed.match(CURRENCIES) ?? []
  const entries = Object.entries(SYMBOLS) as [Currency, string][]
  const [currency] = entries.find(([code, sign]) => sign === found || code === found?.toLowerCase()) ?? []
  return currency ?? null
}

/** "1.250" is 1250 where the point separates thousands, but it may be a slip of 1.25 anywhere. */
function readUnclear(match: RegExpExecArray, locale: string): Reading {
  const [, whole = '', separator, three = ''] = match
  const asGroup = whole.startsWith('0') ? null : Number(whole + three) * 100
  const asDecimals = three.endsWith('0') ? Number(whole) * 100 + Number(three.slice(0, 2)) : null
  const byLocale = separator === decimalSeparator(locale) ? [asDecimals, asGroup] : [asGroup, asDecimals]
  const choices = byLocale.filter((minor) => minor !== null)
  return choices.length > 0 ? { kind: 'ambiguous', choices } : { kind: 'invalid' }
}

const amount = (whole: string, cents: string): Reading => ({
  kind: 'amount',
  minor: Number(whole.replace(/[.,]/g, '')) * 100 + Number(cents.padEnd(2, '0')),
})

const ZEROS = '0٠۰०০๐' // ASCII, Arabic, Persian, Hindi, Bengali, Thai

/** With ASCII digits and separators: full-width ones are compatibility characters. */
function toPlainDigits(text: string): string {
  return [...text.normalize('NFKC').replace(/٫/g, '.').replace(/٬/g, '')]
    .map((character) => {
      const zero = [...ZEROS].find((each) => {
        const digit = character.charCodeAt(0) - each.charCodeAt(0)
        return digit >= 0 && digit <= 9
      })
      return zero ? String(character.charCodeAt(0) - zero.charCodeAt(0)) : character
    })
    .join('')
}
