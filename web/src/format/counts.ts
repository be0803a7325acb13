// Counts and order codes as text.
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** "once", "twice", "3 times" */
export const times = (n: number): string => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`)

/** The short code of an order, for reading out at the entrance. */
export const orderCode = (id: string): string =>
  id
    .replace(/[^0-9a-z]/gi, '')
    .slice(0, 6)
    .toUpperCase()
