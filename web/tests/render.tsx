// Renders the whole client at an address.
import { QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import { MemoryRouter } from 'react-router'
import { App } from '../src/App.tsx'
import { newQueryClient } from '../src/api/queries.ts'

export function renderApp(path: string) {
  window.scrollTo = () => undefined
  return render(
    <QueryClientProvider client={newQueryClient()}>
      <MemoryRouter initialEntries={[path]} useTransitions={false}>
        <App />
      </MemoryRouter>
    </QueryClientProvider>,
  )
}
