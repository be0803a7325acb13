// Renders the client.
import './styles/index.css'
import { focusManager, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, startTransition } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { configQuery } from '#api/config.ts'
import { onFocusOrWake } from '#api/focusOrWake.ts'
import { newQueryClient } from '#api/queries.ts'
import { ErrorBoundary } from '#errors/ErrorBoundary.tsx'
import { App } from './App.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

focusManager.setEventListener((setFocused) => onFocusOrWake(() => setFocused()))

const client = newQueryClient()
void client.prefetchQuery(configQuery)

const app = (
  <StrictMode>
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        {/* With transitions, a page would change after the session: signing out would lead to sign-in. */}
        <BrowserRouter useTransitions={false}>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </ErrorBoundary>
  </StrictMode>
)

// As a transition, the first rendering yields to input every few milliseconds.
startTransition(() => createRoot(root).render(app))

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  window.addEventListener('load', () => {
    void navigator.serviceWorker.register('/sw.js')
  })
}
