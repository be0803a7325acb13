// Formatters are dear to make and cheap to use, so each is made once.
export function kept<O, F>(make: (where: string, options: O) => F): (where: string, options: O) => F {
  const made = new Map<string, F>()
  return (where, options) => {
    const key = `${where} ${JSON.stringify(options)}`
    const formatter = made.get(key) ?? make(where, options)
    made.set(key, formatter)
    return formatter
  }
}
