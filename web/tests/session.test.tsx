import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { safeNext } from '#components/signInPath.ts'
import { anOrder, aTicket } from './factories.ts'
import { json, problem, type RecordedRequest, simulateNetwork } from './network.ts'
import { renderApp } from './render.tsx'

const ada = { id: 'ada', email: 'ada@example.com' }

/** The API with one ticket and one account; `override` replaces responses. */
function simulateApi(override: (request: RecordedRequest) => Response | undefined = () => undefined) {
  let user: typeof ada | null = null
  return simulateNetwork((request) => {
    const { method, path } = request
    const overridden = override(request)
    if (overridden) return overridden
    if (path === '/api/users/currentuser') return json(200, { currentUser: user })
    if (path === '/api/users/signin') {
      user = ada
      return json(200, ada)
    }
    if (path.startsWith('/api/tickets/')) return json(200, aTicket())
    if (path.startsWith('/api/tickets')) return json(200, [aTicket()])
    if (method === 'GET' && path.startsWith('/api/orders?')) return json(200, [])
    if (path.startsWith('/api/orders')) return json(201, anOrder({ expiresAt: '2999-01-01T00:00:00Z' }))
    return problem(404, 'Nothing here.')
  })
}

describe('signing in', () => {
  it('shows errors at their fields and focuses the first', async () => {
    simulateApi()
    renderApp('/signin')
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in' }))
    const email = screen.getByLabelText('E-mail')
    expect(email.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(email.getAttribute('aria-describedby') ?? '')?.textContent).toMatch(
      /e-mail address/,
    )
    expect(document.activeElement).toBe(email)
  })

  it('shows an alert for a wrong password', async () => {
    simulateApi(({ path }) =>
      path === '/api/users/signin' ? problem(401, 'E-mail and password do not fit together.') : undefined,
    )
    renderApp('/signin')
    await userEvent.type(await screen.findByLabelText('E-mail'), 'ada@example.com')
    await userEvent.type(screen.getByLabelText('Password'), 'wrong horse{Enter}')
    expect((await screen.findByRole('alert')).textContent).toMatch(/do not fit/)
  })

  it('returns to the pending hold and places it once', async () => {
    const requests = simulateApi()
    renderApp('/tickets/marble-arcade')
    await userEvent.click((await screen.findAllByRole('button', { name: /^Hold/ }))[0] as HTMLElement)
    await userEvent.type(await screen.findByLabelText('E-mail'), 'ada@example.com')
    await userEvent.type(screen.getByLabelText('Password'), 'correct horse{Enter}')
    await screen.findByRole('heading', { level: 1, name: 'Pay for your ticket' })
    const holds = requests.filter(({ method, path }) => method === 'POST' && path === '/api/orders')
    expect(holds).toHaveLength(1)
    expect(holds[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
    expect(holds[0]?.body).toEqual({ ticketId: 'marble-arcade', quantity: 1, price: 4860, version: 1 })
  })

  it('never redirects to another site', () => {
    expect(safeNext('?next=%2Forders%2F1')).toBe('/orders/1')
    for (const next of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '',
    ]) {
      expect(safeNext(`?next=${encodeURIComponent(next)}`)).toBe('/')
    }
  })
})

describe('user content', () => {
  it('is rendered as text, never as markup', async () => {
    const title = '<img src=x onerror=alert(1)>'
    simulateApi(({ path }) =>
      path.startsWith('/api/tickets/') ? json(200, aTicket({ title, description: title })) : undefined,
    )
    renderApp('/tickets/marble-arcade')
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe(title)
    expect(document.querySelector('img')).toBeNull()
  })
})

describe('the page', () => {
  it('has one h1, a title, and the skip link first', async () => {
    simulateApi()
    renderApp('/')
    await screen.findByRole('link', { name: 'Marble Arcade' })
    expect(document.title).toBe('Browse tickets – Tiketz')
    expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1)
    await userEvent.tab()
    expect(document.activeElement?.textContent).toBe('Skip to content')
  })

  it('moves the focus to the h1 when the address changes', async () => {
    simulateApi()
    renderApp('/')
    await userEvent.click(await screen.findByRole('link', { name: 'Marble Arcade' }))
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 })))
  })

  it('explains a server error', async () => {
    simulateApi(({ path }) => (path.startsWith('/api/tickets') ? json(500, {}) : undefined))
    renderApp('/tickets/marble-arcade')
    await screen.findByRole('heading', { level: 1, name: 'Something broke on our side' })
  })
})
