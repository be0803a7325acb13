import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import { markSignedIn } from '#api/refresh.ts'
import { collectAccountData } from '#features/account/accountData.ts'
import { aListing, anOrder, aPayment } from './factories.ts'
import { json, problem, type RecordedRequest, simulateNetwork } from './network.ts'
import { renderApp } from './render.tsx'

const ada = { id: 'ada', email: 'ada@example.com' }

/** Ada is signed in, with two listings on two pages, two orders, and a payment for one of them. */
function simulateApi(override: (request: RecordedRequest) => Response | undefined = () => undefined) {
  const second = { Link: '</api/tickets/mine?limit=24&cursor=second>; rel="next"' }
  return simulateNetwork((request) => {
    const { method, path } = request
    const overridden = override(request)
    if (overridden) return overridden
    if (path === '/api/users/currentuser') return json(200, { currentUser: ada })
    if (path === '/api/tickets/mine?limit=24') return json(200, [aListing()], second)
    if (path.startsWith('/api/tickets/mine')) return json(200, [aListing({ id: 'old-songs' })])
    if (path === '/api/orders?limit=24') return json(200, [anOrder({ id: 'paid' }), anOrder({ id: 'left' })])
    if (path === '/api/payments/paid')
      return json(200, aPayment({ id: 'paid', clientSecret: 'pi_1_secret_2' }))
    if (method === 'DELETE' && path === '/api/users/me') return json(204)
    if (path.startsWith('/api/tickets')) return json(200, [])
    return problem(404, 'Nothing here.', { headers: { 'Retry-After': '1' } })
  })
}

describe('account data', () => {
  it('has every page of every list, and the payments without their secrets', async () => {
    simulateApi()
    const data = await collectAccountData(ada)
    expect(data.account).toEqual(ada)
    expect(data.listings.map(({ id }) => id)).toEqual(['marble-arcade', 'old-songs'])
    expect(data.orders.map(({ id }) => id)).toEqual(['paid', 'left'])
    expect(data.payments.map(({ id }) => id)).toEqual(['paid'])
    expect(JSON.stringify(data)).not.toContain('secret')
    expect(Date.parse(data.exportedAt)).toBeGreaterThan(0)
  })

  it('fails as a whole when a page fails', async () => {
    simulateApi(({ path }) => (path.includes('cursor') ? problem(500, 'Broken.') : undefined))
    await expect(collectAccountData(ada)).rejects.toMatchObject({ status: 500 })
  })
})

describe('deleting an account', () => {
  beforeEach(() => {
    markSignedIn()
    // jsdom has no dialogs
    HTMLDialogElement.prototype.showModal = function () {
      this.open = true
    }
    HTMLDialogElement.prototype.close = function () {
      this.open = false
    }
  })

  async function deleteAccount(password: string) {
    renderApp('/account')
    await userEvent.click(await screen.findByRole('button', { name: 'Delete my account' }))
    if (password) await userEvent.type(screen.getByLabelText('Password'), password)
    await userEvent.click(screen.getByRole('button', { name: 'Delete it for good' }))
  }

  it('sends the password, shows the last page and signs out', async () => {
    const requests = simulateApi()
    await deleteAccount('correct horse')
    await screen.findByRole('heading', { level: 1, name: 'Goodbye.' })
    expect(requests.find(({ method }) => method === 'DELETE')?.body).toEqual({ password: 'correct horse' })
    expect(screen.queryByText('My tickets')).toBeNull()
    expect(localStorage.getItem('tiketz.signed-in')).toBeNull()
  })

  it('shows a wrong password at its field', async () => {
    simulateApi(({ method }) =>
      method === 'DELETE'
        ? problem(403, 'The password is wrong.', { code: 'wrong_password', field: 'password' })
        : undefined,
    )
    await deleteAccount('wrong horse')
    expect(await screen.findByText('The password is wrong.')).toBeTruthy()
    expect(document.activeElement).toBe(screen.getByLabelText('Password'))
  })

  it('needs a password before a request is sent', async () => {
    const requests = simulateApi()
    await deleteAccount('')
    await screen.findByText('Write your password.')
    expect(requests.some(({ method }) => method === 'DELETE')).toBe(false)
  })

  it.each([
    ['with', { code: 'orders_pending' } as const],
    ['without', {}],
  ])('says what to do while an order is pending, %s a code', async (_, fields) => {
    simulateApi(({ method }) =>
      method === 'DELETE' ? problem(409, 'An order of yours waits.', fields) : undefined,
    )
    await deleteAccount('correct horse')
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toMatch(/Pay for it or release it/)
    expect(screen.getByRole('link', { name: 'See what you hold' }).getAttribute('href')).toBe('/orders')
  })

  it('refreshes an expired session and retries', async () => {
    let attempts = 0
    const requests = simulateApi(({ method, path }) => {
      if (path === '/api/users/refresh') return json(200, ada)
      return method === 'DELETE' && attempts++ === 0 ? problem(401, 'Sign in first.') : undefined
    })
    await deleteAccount('correct horse')
    await screen.findByRole('heading', { level: 1, name: 'Goodbye.' })
    expect(requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2)
  })
})
