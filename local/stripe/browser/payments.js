// A browser's requests: with the publishable key and one intent's client secret.
import { challenge } from './challenge.js'

const UNREACHABLE = {
  type: 'api_connection_error',
  message:
    'We are experiencing issues connecting to our payments provider. Please check your connection and try again.',
}

/** Resolves with {paymentIntent} or {error}. With redirect 'always' a payment that succeeds leaves the page, and the
    promise stays pending. */
export async function confirmPayment(key, { clientSecret, form, confirmParams, redirect }) {
  const fields = { return_url: confirmParams.return_url, use_stripe_sdk: 'true' }
  if (form) {
    const error = form.validate()
    if (error) return { error }
    fields.payment_method_data = withDetails(form.card(), confirmParams.payment_method_data)
  } else if (confirmParams.payment_method) {
    fields.payment_method = confirmParams.payment_method
  }
  form?.setBusy(true)
  try {
    let result = await send(key, 'POST', clientSecret, '/confirm', fields)
    if (result.paymentIntent?.status === 'requires_action')
      result = await completeAction(key, clientSecret, result.paymentIntent)
    form?.show(result.error)
    if (result.error || redirect === 'if_required') return result
    window.location.assign(addResult(confirmParams.return_url, result.paymentIntent))
    return new Promise(() => {})
  } finally {
    form?.setBusy(false)
  }
}

export async function retrievePaymentIntent(key, clientSecret) {
  return send(key, 'GET', clientSecret, '', {})
}

export async function handleNextAction(key, clientSecret) {
  const { paymentIntent, error } = await retrievePaymentIntent(key, clientSecret)
  if (error) return { error }
  if (paymentIntent.status !== 'requires_action') return { paymentIntent }
  return completeAction(key, clientSecret, paymentIntent)
}

/** Opens the bank's page, then retrieves the intent. */
async function completeAction(key, clientSecret, { next_action: action }) {
  await challenge((action.use_stripe_sdk?.stripe_js ?? action.redirect_to_url?.url) || '')
  const result = await retrievePaymentIntent(key, clientSecret)
  const intent = result.paymentIntent
  if (intent?.status !== 'requires_payment_method') return result
  return { error: { ...intent.last_payment_error, payment_intent: intent } }
}

function withDetails(card, given = {}) {
  return { type: 'card', card, ...(given.billing_details && { billing_details: given.billing_details }) }
}

async function send(key, method, clientSecret, action, fields) {
  const id = clientSecret.slice(0, clientSecret.indexOf('_secret_'))
  const form = new URLSearchParams(encode({ ...fields, key, client_secret: clientSecret }))
  const url = new URL(`v1/payment_intents/${id}${action}`, import.meta.url)
  if (method === 'GET') url.search = form
  let body
  let status
  try {
    const response = await fetch(url, { method, body: method === 'POST' ? form : undefined })
    status = response.status
    body = await response.json()
  } catch {
    return { error: UNREACHABLE }
  }
  if (status === 200) return { paymentIntent: body }
  return { error: body.error ?? { type: 'api_error', message: 'An unexpected error occurred.' } }
}

/** Stripe's form encoding: {a: {b: 1}} is a[b]=1. */
function encode(value, name = '') {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') return [[name, String(value)]]
  return Object.entries(value).flatMap(([key, inner]) => encode(inner, name ? `${name}[${key}]` : key))
}

function addResult(returnUrl, intent) {
  const url = new URL(returnUrl)
  url.searchParams.set('payment_intent', intent.id)
  url.searchParams.set('payment_intent_client_secret', intent.client_secret)
  url.searchParams.set('redirect_status', 'succeeded')
  return url.href
}
