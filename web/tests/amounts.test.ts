import { describe, expect, it } from 'vitest'
import { parseAmount, readAmount, typedCurrency } from '#format/amounts.ts'
import { money, toAmountInput } from '#format/money.ts'

const plain = (text: string) => text.replace(/\s/g, ' ')

describe('money', () => {
  it('is formatted in the reader’s locale, with Latin digits', () => {
    expect(plain(money(4860, 'eur', 'en-GB'))).toBe('€48.60')
    expect(plain(money(4860, 'eur', 'nl-NL'))).toBe('€ 48,60')
    expect(plain(money(4860, 'eur', 'de-DE'))).toBe('48,60 €')
    expect(plain(money(9_999_999, 'usd', 'en-US'))).toBe('$99,999.99')
    expect(plain(money(50, 'gbp', 'en-GB'))).toBe('£0.50')
    expect(money(4860, 'eur', 'ar-EG')).toContain('48.60')
  })
})

describe('an amount', () => {
  it.each([
    ['48.60', 4860],
    ['48,6', 4860],
    ['€ 48', 4800],
    ['48.60 EUR', 4860],
    ['1,250.50', 125050],
    ['1.250,50', 125050],
    ['1 250,50', 125050],
    ['1\u202f250', 125000],
    ['1’250.50', 125050],
    ['1.250.000', 125000000],
    ['1,25,000', 12500000],
    ['12.', 1200],
    ['.5', 50],
    [' 12 ', 1200],
    ['٤٨٫٦٠', 4860],
    ['４８．６０', 4860],
    ['१२', 1200],
  ])('%j has one reading in every locale', (typed, minor) => {
    for (const locale of ['en-GB', 'en-US', 'nl-NL', 'de-CH', 'fr-FR', 'en-IN', 'ar-EG'])
      expect(readAmount(typed, locale), locale).toEqual({ kind: 'amount', minor })
  })

  it.each([
    ['12.500', 'en-GB', [1250, 1250000]],
    ['12.500', 'nl-NL', [1250000, 1250]],
    ['1.250', 'en-US', [125, 125000]],
    ['1,250', 'en-US', [125000, 125]],
    ['1,250', 'de-DE', [125, 125000]],
    ['48.605', 'en-GB', [4860500]],
    ['€ 1.250', 'de-DE', [125000, 125]],
  ])('%j may be two in %s: the one of the locale comes first', (typed, locale, choices) => {
    expect(readAmount(typed, locale)).toEqual({ kind: 'ambiguous', choices })
    expect(parseAmount(typed, locale)).toBeNull()
  })

  it.each([
    'ten',
    '-5',
    '4.8.6',
    '1e3',
    '12.345.6',
    '48.600,1.2',
    'NaN',
    '0.001',
    '12 50',
    '1250.000',
    '€',
    '.',
  ])('%j is none', (typed) => expect(readAmount(typed)).toEqual({ kind: 'invalid' }))

  it('may be left out', () => {
    expect(readAmount('  ')).toEqual({ kind: 'empty' })
  })

  it.each(['en-GB', 'nl-NL', 'fr-FR', 'ar-EG', 'hi-IN'])('survives a text field in %s', (locale) => {
    for (const minor of [50, 101, 4860, 125000, 9_999_999])
      expect(parseAmount(toAmountInput(minor, locale), locale)).toBe(minor)
  })

  it('may name its currency', () => {
    expect(['$50', '50 gbp', '€ 50', 'EUR50', '50', 'europe'].map(typedCurrency)).toEqual([
      'usd',
      'gbp',
      'eur',
      'eur',
      null,
      null,
    ])
  })
})
