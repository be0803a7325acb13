import { QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { describe, expect, it } from 'vitest'
import { App } from '../src/App.tsx'
import { newQueryClient } from '../src/api/queries.ts'
import { safeNext } from '../src/session/next.ts'
import { anOrder, aTicket } from './things.ts'
import { type Asked, answer, network, refusal } from './world.ts'

const ada = { id: 'ada', email: 'ada@example.com' }

function open(path: string) {
  return render(
    <QueryClientProvider client={newQueryClient()}>
      <MemoryRouter initialEntries={[path]}>
        <App />
      </MemoryRouter>
    </QueryClientProvider>,
  )
}

/** A small Tiketz: one ticket, one account, and whatever the test changes. */
function tiketz(special: (asked: Asked) => Response | undefined = () => undefined) {
  let user: typeof ada | null = null
  window.scrollTo = () => undefined
  return network((asked) => {
    const { method, path } = asked
    const answered = special(asked)
    if (answered) return answered
    if (path === '/api/users/currentuser') return answer(200, { currentUser: user })
    if (path === '/api/users/signin') {
      user = ada
      return answer(200, ada)
    }
    if (path.startsWith('/api/tickets/')) return answer(200, aTicket())
    if (path.startsWith('/api/tickets')) return answer(200, [aTicket()])
    if (method === 'GET' && path.startsWith('/api/orders?')) return answer(200, [])
    if (path.startsWith('/api/orders')) return answer(201, anOrder({ expiresAt: '2999-01-01T00:00:00Z' }))
    return refusal(404, 'Nothing here.')
  })
}

describe('signing in', () => {
  it('shows complaints at their fields and focuses the first', async () => {
    tiketz()
    open('/signin')
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in' }))
    const email = screen.getByLabelText('E-mail')
    expect(email.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(email.getAttribute('aria-describedby') ?? '')?.textContent).toMatch(
      /e-mail address/,
    )
    expect(document.activeElement).toBe(email)
  })

  it('says so when e-mail and password do not fit', async () => {
    tiketz(({ path }) =>
      path === '/api/users/signin' ? refusal(401, 'E-mail and password do not fit together.') : undefined,
    )
    open('/signin')
    await userEvent.type(await screen.findByLabelText('E-mail'), 'ada@example.com')
    await userEvent.type(screen.getByLabelText('Password'), 'wrong horse{Enter}')
    expect((await screen.findByRole('alert')).textContent).toMatch(/do not fit/)
  })

  it('comes back to the hold that was asked for, and places it once', async () => {
    const asked = tiketz()
    open('/tickets/marble-arcade')
    await userEvent.click((await screen.findAllByRole('button', { name: /^Hold/ }))[0] as HTMLElement)
    await userEvent.type(await screen.findByLabelText('E-mail'), 'ada@example.com')
    await userEvent.type(screen.getByLabelText('Password'), 'correct horse{Enter}')
    await screen.findByRole('heading', { level: 1, name: 'Pay for your ticket' })
    const holds = asked.filter(({ method, path }) => method === 'POST' && path === '/api/orders')
    expect(holds).toHaveLength(1)
    expect(holds[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
    expect(holds[0]?.body).toEqual({ ticketId: 'marble-arcade', quantity: 1, price: 4860 })
  })

  it('never leads to somebody else’s address', () => {
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

describe('what strangers typed', () => {
  it('is text, never markup', async () => {
    const title = '<img src=x onerror=alert(1)>'
    tiketz(({ path }) =>
      path.startsWith('/api/tickets/') ? answer(200, aTicket({ title, description: title })) : undefined,
    )
    open('/tickets/marble-arcade')
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe(title)
    expect(document.querySelector('img')).toBeNull()
  })
})

describe('the page', () => {
  it('has one h1, a title, and a skip link before everything else', async () => {
    tiketz()
    open('/')
    await screen.findByRole('link', { name: 'Marble Arcade' })
    expect(document.title).toBe('Browse tickets – Tiketz')
    expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1)
    await userEvent.tab()
    expect(document.activeElement?.textContent).toBe('Skip to content')
  })

  it('moves focus to the h1 when the address changes', async () => {
    tiketz()
    open('/')
    await userEvent.click(await screen.findByRole('link', { name: 'Marble Arcade' }))
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 })))
  })

  it('says whose fault it is when nothing comes', async () => {
    tiketz(({ path }) => (path.startsWith('/api/tickets') ? answer(500, {}) : undefined))
    open('/tickets/marble-arcade')
    await screen.findByRole('heading', { level: 1, name: 'Something broke on our side' })
  })
})
