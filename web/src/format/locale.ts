// The reader’s locale: their own for amounts, the English of their region for dates, because the page is in English.

export const readerLocale = (): string => navigator.language || 'en-GB'

const known = new Map<string, string>()

/** "nl-NL" is "en-NL": English words, day before month, 20:00. */
export function englishLocale(locale = readerLocale()): string {
  const before = known.get(locale)
  if (before !== undefined) return before
  const english = toEnglish(locale)
  known.set(locale, english)
  return english
}

/** The hour cycle is the reader’s own, also where the browser has no English for their region. */
function toEnglish(locale: string): string {
  const { region } = new Intl.Locale(locale).maximize()
  const regional = `en-${region ?? 'GB'}`
  const isSupported = new Intl.DateTimeFormat(regional).resolvedOptions().locale === regional
  const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions()
  return `${isSupported ? regional : 'en-001'}-u-hc-${hourCycle ?? 'h23'}`
}
