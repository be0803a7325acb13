// Formats and checks a card number, an expiry date and a security code.

const BRANDS = [
  { name: 'amex', starts: /^3[47]/, lengths: [15], groups: [4, 6, 5], code: 4 },
  { name: 'visa', starts: /^4/, lengths: [16], groups: [4, 4, 4, 4], code: 3 },
  { name: 'mastercard', starts: /^(5[1-5]|2[2-7])/, lengths: [16], groups: [4, 4, 4, 4], code: 3 },
  { name: 'discover', starts: /^6/, lengths: [16], groups: [4, 4, 4, 4], code: 3 },
]
const UNKNOWN = { name: 'unknown', lengths: [16], groups: [4, 4, 4, 4, 3], code: 3 }

export const digits = (text) => text.replace(/\D/g, '')

export const brandOf = (number) => BRANDS.find(({ starts }) => starts.test(number)) ?? UNKNOWN

/** Formats an incomplete number, too: "4242 4242 4242 4242". */
export function formatNumber(text) {
  const { groups, lengths } = brandOf(digits(text))
  const number = digits(text).slice(0, Math.max(...lengths))
  const parts = []
  let at = 0
  for (const size of groups) {
    if (at < number.length) parts.push(number.slice(at, at + size))
    at += size
  }
  return parts.join(' ')
}

/** Formats an incomplete date, too: "12 / 28". Accepts "3", "1/" and "12/2028". */
export function formatExpiry(text) {
  let typed = digits(text)
  if (/^[2-9]/.test(typed) || /^\d\s*\//.test(text)) typed = `0${typed}`
  const month = typed.slice(0, 2)
  let year = typed.slice(2, typed.startsWith('20', 2) ? 6 : 4)
  if (year.length === 4) year = year.slice(2)
  return year || /\/\s*$/.test(text) ? `${month} / ${year}` : month
}

export const formatCode = (text, number) => digits(text).slice(0, brandOf(digits(number)).code)

/** An error with Stripe's code and message, or null. */
export const numberError = (text) => {
  const number = digits(text)
  if (!brandOf(number).lengths.includes(number.length)) {
    return error('incomplete_number', 'Your card number is incomplete.')
  }
  return luhn(number) ? null : error('invalid_number', 'Your card number is invalid.')
}

export const expiryError = (text, now = new Date()) => {
  const typed = digits(text)
  const [month, year] = [Number(typed.slice(0, 2)), 2000 + Number(typed.slice(2, 4))]
  if (typed.length !== 4 || month < 1 || month > 12) {
    return error('incomplete_expiry', 'Your card’s expiry date is incomplete.')
  }
  if (year < now.getFullYear())
    return error('invalid_expiry_year_past', 'Your card’s expiry year is in the past.')
  if (year === now.getFullYear() && month < now.getMonth() + 1) {
    return error('invalid_expiry_month_past', 'Your card’s expiry date is in the past.')
  }
  if (year > now.getFullYear() + 50)
    return error('invalid_expiry_year', 'Your card’s expiry year is invalid.')
  return null
}

export const codeError = (text, number) =>
  digits(text).length === brandOf(digits(number)).code
    ? null
    : error('incomplete_cvc', 'Your card’s security code is incomplete.')

const error = (code, message) => ({ type: 'validation_error', code, message })

function luhn(number) {
  const sum = [...number].reverse().reduce((total, digit, position) => {
    const value = Number(digit) * (position % 2 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
