// Intl formatters are slow to create, so each is created once.
export function memoizeFormatter<O, F>(
  create: (locale: string, options: O) => F,
): (locale: string, options: O) => F {
  const cache = new Map<string, F>()
  return (locale, options) => {
    const key = `${locale} ${JSON.stringify(options)}`
    const formatter = cache.get(key) ?? create(locale, options)
    cache.set(key, formatter)
    return formatter
  }
}
