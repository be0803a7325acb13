// Every address of the client and the page it shows.
import { Route, Routes } from 'react-router'
import { Layout } from './layout/Layout.tsx'
import { AccountPage } from './pages/AccountPage.tsx'
import { BrowsePage } from './pages/BrowsePage.tsx'
import { EditListingPage } from './pages/EditListingPage.tsx'
import { GoodbyePage } from './pages/GoodbyePage.tsx'
import { HelpPage } from './pages/HelpPage.tsx'
import { MyTicketsPage } from './pages/MyTicketsPage.tsx'
import { NotFoundPage } from './pages/NotFoundPage.tsx'
import { OrderPage } from './pages/OrderPage.tsx'
import { SellingPage } from './pages/SellingPage.tsx'
import { SellPage } from './pages/SellPage.tsx'
import { SignInPage } from './pages/SignInPage.tsx'
import { SignUpPage } from './pages/SignUpPage.tsx'
import { TicketPage } from './pages/TicketPage.tsx'
import { RequireSession } from './session/RequireSession.tsx'

const own = (page: React.ReactNode) => <RequireSession>{page}</RequireSession>

export function App() {
  return (
    <Routes>
      <Route element={<Layout />}>
        <Route index element={<BrowsePage />} />
        <Route path="tickets/:id" element={<TicketPage />} />
        <Route path="sell" element={own(<SellPage />)} />
        <Route path="sell/:id" element={own(<EditListingPage />)} />
        <Route path="selling" element={own(<SellingPage />)} />
        <Route path="orders" element={own(<MyTicketsPage />)} />
        <Route path="orders/:id" element={own(<OrderPage />)} />
        <Route path="account" element={own(<AccountPage />)} />
        <Route path="goodbye" element={<GoodbyePage />} />
        <Route path="signin" element={<SignInPage />} />
        <Route path="signup" element={<SignUpPage />} />
        <Route path="help" element={<HelpPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  )
}
