// Counts of things, in words.
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** The short name of an order: enough to read out at a door. */
export const orderCode = (id: string): string =>
  id
    .replace(/[^0-9a-z]/gi, '')
    .slice(0, 6)
    .toUpperCase()
