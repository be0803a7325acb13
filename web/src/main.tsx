// Puts the client on the page.
import './styles/index.css'
import { focusManager, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, startTransition } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { App } from './App.tsx'
import { newQueryClient } from './api/queries.ts'
import { onLooking } from './api/waking.ts'
import { Boundary } from './trouble/Boundary.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

focusManager.setEventListener((look) => onLooking(() => look()))

const client = (
  <StrictMode>
    <Boundary>
      <QueryClientProvider client={newQueryClient()}>
        {/* As transitions, pages would come after what leaving them does: signing out would lead to sign-in. */}
        <BrowserRouter useTransitions={false}>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </Boundary>
  </StrictMode>
)

// As a transition, the first drawing gives way to the reader's touch every few milliseconds.
startTransition(() => createRoot(root).render(client))

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  window.addEventListener('load', () => {
    void navigator.serviceWorker.register('/sw.js')
  })
}
