import { QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { beforeEach, describe, expect, it } from 'vitest'
import { App } from '../src/App.tsx'
import { ownData } from '../src/account/ownData.ts'
import { newQueryClient } from '../src/api/queries.ts'
import { rememberSession } from '../src/api/refresh.ts'
import { aListing, anOrder, aPayment } from './things.ts'
import { type Asked, answer, network, refusal } from './world.ts'

const ada = { id: 'ada', email: 'ada@example.com' }

/** Ada is here, with two listings on two pages, two orders, and a payment for one of them. */
function tiketz(special: (asked: Asked) => Response | undefined = () => undefined) {
  const second = { Link: '</api/tickets/mine?limit=24&cursor=second>; rel="next"' }
  window.scrollTo = () => undefined
  return network((asked) => {
    const { method, path } = asked
    const answered = special(asked)
    if (answered) return answered
    if (path === '/api/users/currentuser') return answer(200, { currentUser: ada })
    if (path === '/api/tickets/mine?limit=24') return answer(200, [aListing()], second)
    if (path.startsWith('/api/tickets/mine')) return answer(200, [aListing({ id: 'old-songs' })])
    if (path === '/api/orders?limit=24')
      return answer(200, [anOrder({ id: 'paid' }), anOrder({ id: 'left' })])
    if (path === '/api/payments/paid')
      return answer(200, aPayment({ id: 'paid', clientSecret: 'pi_1_secret_2' }))
    if (method === 'DELETE' && path === '/api/users/me') return answer(204)
    if (path.startsWith('/api/tickets')) return answer(200, [])
    return refusal(404, 'Nothing here.', undefined, { 'Retry-After': '1' })
  })
}

describe('the own data', () => {
  it('is every page of every list, and a payment of each order that has one, without its secret', async () => {
    tiketz()
    const data = await ownData(ada)
    expect(data.account).toEqual(ada)
    expect(data.listings.map(({ id }) => id)).toEqual(['marble-arcade', 'old-songs'])
    expect(data.orders.map(({ id }) => id)).toEqual(['paid', 'left'])
    expect(data.payments.map(({ id }) => id)).toEqual(['paid'])
    expect(JSON.stringify(data)).not.toContain('secret')
    expect(Date.parse(data.exportedAt)).toBeGreaterThan(0)
  })

  it('is not half of it when a page does not come', async () => {
    tiketz(({ path }) => (path.includes('cursor') ? refusal(500, 'Broken.') : undefined))
    await expect(ownData(ada)).rejects.toMatchObject({ status: 500 })
  })
})

describe('deleting an account', () => {
  beforeEach(() => {
    rememberSession()
    // jsdom has no dialogs
    HTMLDialogElement.prototype.showModal = function () {
      this.open = true
    }
    HTMLDialogElement.prototype.close = function () {
      this.open = false
    }
  })

  async function deletes(password: string) {
    render(
      <QueryClientProvider client={newQueryClient()}>
        <MemoryRouter initialEntries={['/account']} useTransitions={false}>
          <App />
        </MemoryRouter>
      </QueryClientProvider>,
    )
    await userEvent.click(await screen.findByRole('button', { name: 'Delete my account' }))
    if (password) await userEvent.type(screen.getByLabelText('Password'), password)
    await userEvent.click(screen.getByRole('button', { name: 'Delete it for good' }))
  }

  it('asks for the password, says goodbye and forgets that they were here', async () => {
    const asked = tiketz()
    await deletes('correct horse')
    await screen.findByRole('heading', { level: 1, name: 'Goodbye.' })
    expect(asked.find(({ method }) => method === 'DELETE')?.body).toEqual({ password: 'correct horse' })
    expect(screen.queryByText('My tickets')).toBeNull()
    expect(localStorage.getItem('tiketz.signed-in')).toBeNull()
  })

  it('says at the field that the password is wrong', async () => {
    tiketz(({ method }) =>
      method === 'DELETE' ? refusal(403, 'The password is wrong.', 'password') : undefined,
    )
    await deletes('wrong horse')
    expect(await screen.findByText('The password is wrong.')).toBeTruthy()
    expect(document.activeElement).toBe(screen.getByLabelText('Password'))
  })

  it('needs a password before anything is asked', async () => {
    const asked = tiketz()
    await deletes('')
    await screen.findByText('Write your password.')
    expect(asked.some(({ method }) => method === 'DELETE')).toBe(false)
  })

  it('says what to do while an order waits to be paid', async () => {
    tiketz(({ method }) => (method === 'DELETE' ? refusal(409, 'An order of yours waits.') : undefined))
    await deletes('correct horse')
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toMatch(/Pay for it or release it/)
    expect(screen.getByRole('link', { name: 'See what you hold' }).getAttribute('href')).toBe('/orders')
  })

  it('renews a session that ran out, and asks again', async () => {
    let tried = 0
    const asked = tiketz(({ method, path }) => {
      if (path === '/api/users/refresh') return answer(200, ada)
      return method === 'DELETE' && tried++ === 0 ? refusal(401, 'Sign in first.') : undefined
    })
    await deletes('correct horse')
    await screen.findByRole('heading', { level: 1, name: 'Goodbye.' })
    expect(asked.filter(({ method }) => method === 'DELETE')).toHaveLength(2)
  })
})
