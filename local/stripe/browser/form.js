// The card form of the Payment Element, in a shadow tree: the shop's styles and scripts don't reach it, as they
// don't reach Stripe's own frame.
import {
  codeError,
  digits,
  expiryError,
  formatCode,
  formatExpiry,
  formatNumber,
  numberError,
} from './card.js'
import { retrievePaymentIntent } from './payments.js'

const PAYABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action']

const FIELDS = {
  number: {
    label: 'Card number',
    hint: '1234 1234 1234 1234',
    autocomplete: 'cc-number',
    format: formatNumber,
    check: ({ number }) => numberError(number),
  },
  expiry: {
    label: 'Expiry date',
    hint: 'MM / YY',
    autocomplete: 'cc-exp',
    format: formatExpiry,
    check: ({ expiry }) => expiryError(expiry),
  },
  code: {
    label: 'Security code',
    hint: 'CVC',
    autocomplete: 'cc-csc',
    format: (text, { number }) => formatCode(text, number),
    check: ({ code, number }) => codeError(code, number),
  },
}
// An error's code → its field.
const FIELD_OF_CODE = {
  incorrect_number: 'number',
  invalid_number: 'number',
  expired_card: 'expiry',
  invalid_expiry_month: 'expiry',
  invalid_expiry_year: 'expiry',
  incorrect_cvc: 'code',
  invalid_cvc: 'code',
}

/** Renders into `host` and emits 'ready', or 'loaderror' where the intent can't be paid. */
export async function cardForm({ host, key, clientSecret, appearance, options, emit }) {
  const root = host.attachShadow({ mode: 'open' })
  const style = document.createElement('link')
  style.rel = 'stylesheet'
  style.href = new URL('../stripe.css', import.meta.url).href
  const styled = new Promise((resolve, reject) => {
    style.onload = resolve
    style.onerror = () => reject(new Error(`${style.href} did not load`))
  })
  const box = document.createElement('fieldset')
  box.className = 'card'
  box.append(make('legend', { className: 'hidden', textContent: 'Card' }))
  root.append(style)

  const inputs = {}
  const errors = {}
  const values = () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value]))
  let lastState = ''

  for (const [name, field] of Object.entries(FIELDS)) {
    const error = make('p', { id: `${name}-error`, className: 'error', role: 'alert' })
    const input = make('input', {
      id: name,
      type: 'text',
      inputMode: 'numeric',
      autocomplete: field.autocomplete,
      placeholder: field.hint,
      spellcheck: false,
    })
    input.setAttribute('aria-describedby', error.id)
    input.setAttribute('aria-required', 'true')
    input.addEventListener('input', () => {
      retype(input, (text) => field.format(text, values()))
      showError(name, null)
      emitChange()
    })
    input.addEventListener('focus', () => emit('focus'))
    input.addEventListener('blur', () => {
      emit('blur')
      if (input.value) showError(name, field.check(values()))
    })
    input.addEventListener('keydown', (event) => event.key === 'Escape' && emit('escape'))
    const part = make('div', { className: `field ${name}` })
    part.append(make('label', { htmlFor: name, textContent: field.label }), input, error)
    box.append(part)
    inputs[name] = input
    errors[name] = error
  }

  function showError(name, error) {
    errors[name].textContent = error?.message ?? ''
    if (error) inputs[name].setAttribute('aria-invalid', 'true')
    else inputs[name].removeAttribute('aria-invalid')
  }

  function emitChange() {
    const now = values()
    const empty = Object.values(now).every((value) => value === '')
    const complete = Object.values(FIELDS).every(({ check }) => check(now) === null)
    if (lastState === `${empty} ${complete}`) return
    lastState = `${empty} ${complete}`
    emit('change', { empty, complete, collapsed: false, value: { type: 'card' } })
  }

  function restyle() {
    const { theme, variables = {} } = appearance() ?? {}
    host.className = theme === 'night' ? 'night' : theme ? 'day' : ''
    for (const [name, value] of Object.entries(variables)) host.style.setProperty(`--${name}`, value)
  }

  const form = {
    restyle,
    /** The first error, null without one. Shows all errors and focuses the first field with one. */
    validate() {
      const now = values()
      const checked = Object.entries(FIELDS).map(([name, { check }]) => [name, check(now)])
      for (const [name, error] of checked) showError(name, error)
      const first = checked.find(([, error]) => error)
      if (first) inputs[first[0]].focus()
      return first ? first[1] : null
    },
    card() {
      const { number, expiry, code } = values()
      const [month, year] = [digits(expiry).slice(0, 2), digits(expiry).slice(2)]
      return { number: digits(number), exp_month: month, exp_year: year, cvc: code }
    },
    show(error) {
      if (error && FIELD_OF_CODE[error.code]) showError(FIELD_OF_CODE[error.code], error)
    },
    setBusy(busy) {
      box.disabled = busy
    },
    setReadOnly(readOnly) {
      for (const input of Object.values(inputs)) input.readOnly = readOnly
    },
    focus: () => inputs.number.focus(),
    blur: () => root.activeElement?.blur(),
    clear() {
      for (const [name, input] of Object.entries(inputs)) {
        input.value = ''
        showError(name, null)
      }
      emitChange()
    },
  }

  restyle()
  form.setReadOnly(Boolean(options.readOnly))
  const [{ paymentIntent, error }] = await Promise.all([retrievePaymentIntent(key, clientSecret), styled])
  const loadError = error ?? unpayable(paymentIntent)
  if (loadError) {
    emit('loaderror', { error: loadError })
    return null
  }
  root.append(box)
  emit('ready')
  return form
}

function unpayable({ status }) {
  if (PAYABLE.includes(status)) return null
  const message = 'This PaymentIntent is in a terminal state and cannot be used to initialize Elements.'
  return { type: 'invalid_request_error', code: 'payment_intent_unexpected_state', message }
}

/** Formats the input and keeps the caret behind the same digit. */
function retype(input, format) {
  const before = digits(input.value.slice(0, input.selectionStart)).length
  const atEnd = input.selectionStart === input.value.length
  const text = format(input.value)
  input.value = text
  if (atEnd) return
  let position = 0
  for (let seen = 0; seen < before && position < text.length; position += 1)
    if (/\d/.test(text[position])) seen += 1
  input.setSelectionRange(position, position)
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties)
}
