import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { markSignedIn } from '#api/refresh.ts'
import { aConfig, anOrder, aTicket, limits } from './factories.ts'
import { json, problem, simulateNetwork } from './network.ts'
import { renderApp } from './render.tsx'

const ada = { id: 'ada', email: 'ada@example.com' }
const today = aConfig()
const yesterday = { stripeKey: 'pk_test_1', stripeJs: '/_local/stripe.js' }

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString()

/** The API with one ticket of fifty units and one held order, and a config.json. */
function simulateApi(config: unknown) {
  markSignedIn()
  return simulateNetwork(({ method, path }) => {
    if (path === '/config.json') return config ? json(200, config) : problem(404, 'Nothing here.')
    if (path === '/api/users/currentuser') return json(200, { currentUser: ada })
    if (path.startsWith('/api/tickets/')) return json(200, aTicket({ quantity: 50, available: 50 }))
    if (method === 'GET' && path.startsWith('/api/orders/'))
      return json(200, anOrder({ createdAt: inSeconds(-700), expiresAt: inSeconds(200), extensions: 2 }))
    if (path.startsWith('/api/orders')) return json(200, [])
    return problem(404, 'Nothing here.')
  })
}

const attribute = async (label: string, name: string) =>
  (await screen.findByLabelText(label)).getAttribute(name)

describe('the hold', () => {
  it('is as long as the configuration says', async () => {
    simulateApi(aConfig({ holdSeconds: 600 }))
    renderApp('/tickets/x')
    await screen.findByRole('button', { name: 'Hold for 10 minutes' })
  })

  it.each([
    ['of yesterday', yesterday],
    ['that does not load', null],
  ])('has no length with a configuration %s', async (_, config) => {
    simulateApi(config)
    renderApp('/tickets/x')
    await screen.findByRole('button', { name: 'Hold it' })
  })

  it('is explained on the help page', async () => {
    simulateApi(today)
    renderApp('/help')
    await screen.findByText(
      /gives it to you for 15 minutes\. .* In its last third you can ask for more time twice\.$/,
    )
  })

  it('is explained without numbers that are unknown', async () => {
    simulateApi(yesterday)
    renderApp('/help')
    await screen.findByText(
      /gives it to you for a few minutes\. .* In its last third you can ask for more time\.$/,
    )
  })

  it('can be extended as often as the limits say', async () => {
    simulateApi(today)
    renderApp('/orders/x')
    await screen.findByRole('timer')
    await screen.findByText('There is no more extra time.')
    expect(screen.queryByRole('button', { name: /^More time/ })).toBeNull()
  })

  it('can be extended until the API refuses where the limit is unknown', async () => {
    simulateApi(yesterday)
    renderApp('/orders/x')
    await screen.findByRole('button', { name: /^More time/ })
  })
})

describe('the limits', () => {
  it('bound the quantity of an order', async () => {
    simulateApi(today)
    renderApp('/tickets/x')
    await screen.findByRole('button', { name: /^Hold for/ })
    expect(screen.getAllByRole('option')).toHaveLength(limits.orderQuantity.max)
  })

  it('bound no quantity where they are unknown', async () => {
    simulateApi(yesterday)
    renderApp('/tickets/x')
    await screen.findByRole('combobox', { name: 'How many' })
    expect(screen.getAllByRole('option')).toHaveLength(50)
  })

  it('are the attributes of the listing form', async () => {
    simulateApi(today)
    renderApp('/sell')
    await expect.poll(() => attribute('What is it for?', 'maxlength')).toBe('120')
    expect(await attribute('How many', 'max')).toBe('10000')
    expect(await attribute('Anything a buyer should know', 'maxlength')).toBe('4000')
  })

  it('are no attributes where they are unknown', async () => {
    const requests = simulateApi(yesterday)
    renderApp('/sell')
    await expect.poll(() => requests.some(({ path }) => path === '/config.json')).toBe(true)
    expect(await attribute('What is it for?', 'maxlength')).toBeNull()
    expect(await attribute('How many', 'max')).toBeNull()
  })
})

describe('the length of a password', () => {
  async function signUp(config: unknown) {
    const requests = simulateNetwork(({ path }) => {
      if (path === '/config.json') return json(200, config)
      return path === '/api/users/signup' ? json(201, ada) : json(200, { currentUser: null })
    })
    renderApp('/signup')
    await screen.findByText(config === today ? /^At least 8 characters\. / : /^A sentence works well\.$/)
    await userEvent.type(screen.getByLabelText('E-mail'), 'ada@example.com')
    await userEvent.type(screen.getByLabelText('Password'), 'short')
    await userEvent.click(screen.getByRole('button', { name: 'Make my account' }))
    return requests
  }

  it('is checked before the request', async () => {
    const requests = await signUp(today)
    await screen.findByText('Make it at least 8 characters.')
    expect(requests.some(({ path }) => path === '/api/users/signup')).toBe(false)
  })

  it('is left to the API where the limit is unknown', async () => {
    const requests = await signUp(yesterday)
    await expect.poll(() => requests.some(({ path }) => path === '/api/users/signup')).toBe(true)
  })
})
