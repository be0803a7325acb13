// The client’s routes.
import { Route, Routes } from 'react-router'
import { NotFoundPage } from '#errors/NotFoundPage.tsx'
import { RequireSession } from '#features/session/RequireSession.tsx'
import { Layout } from '#layout/Layout.tsx'
import { AccountPage } from '#pages/AccountPage.tsx'
import { BrowsePage } from '#pages/BrowsePage.tsx'
import { ConfirmEmailPage } from '#pages/ConfirmEmailPage.tsx'
import { EditListingPage } from '#pages/EditListingPage.tsx'
import { ForgotPage } from '#pages/ForgotPage.tsx'
import { GoodbyePage } from '#pages/GoodbyePage.tsx'
import { HelpPage } from '#pages/HelpPage.tsx'
import { MyTicketsPage } from '#pages/MyTicketsPage.tsx'
import { OrderPage } from '#pages/OrderPage.tsx'
import { ResetPage } from '#pages/ResetPage.tsx'
import { SellingPage } from '#pages/SellingPage.tsx'
import { SellPage } from '#pages/SellPage.tsx'
import { SignInPage } from '#pages/SignInPage.tsx'
import { SignUpPage } from '#pages/SignUpPage.tsx'
import { TicketPage } from '#pages/TicketPage.tsx'
import { VerifyPage } from '#pages/VerifyPage.tsx'

const forUser = (page: React.ReactNode) => <RequireSession>{page}</RequireSession>

export function App() {
  return (
    <Routes>
      <Route element={<Layout />}>
        <Route index element={<BrowsePage />} />
        <Route path="tickets/:id" element={<TicketPage />} />
        <Route path="sell" element={forUser(<SellPage />)} />
        <Route path="sell/:id" element={forUser(<EditListingPage />)} />
        <Route path="selling" element={forUser(<SellingPage />)} />
        <Route path="orders" element={forUser(<MyTicketsPage />)} />
        <Route path="orders/:id" element={forUser(<OrderPage />)} />
        <Route path="account" element={forUser(<AccountPage />)} />
        <Route path="confirm" element={forUser(<ConfirmEmailPage />)} />
        <Route path="goodbye" element={<GoodbyePage />} />
        <Route path="signin" element={<SignInPage />} />
        <Route path="signup" element={<SignUpPage />} />
        <Route path="forgot" element={<ForgotPage />} />
        <Route path="reset" element={<ResetPage />} />
        <Route path="verify" element={<VerifyPage />} />
        <Route path="help" element={<HelpPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  )
}
