// The frame of every page: skip link, header, offline banner, the page, unverified banner, footer, navigation on
// phones. What the banner says arrives late: below the page it moves nothing that is being read.
import { type ContextType, useEffect, useRef } from 'react'
import { Outlet, useLocation, useNavigationType } from 'react-router'
import { LastVisit } from '#components/lastVisit.ts'
import { OfflineBanner } from '#errors/OfflineBanner.tsx'
import { UnverifiedBanner } from '#features/account/UnverifiedBanner.tsx'
import { HeldReminder } from '#features/checkout/hold/HeldReminder.tsx'
import { BottomBar } from './BottomBar.tsx'
import { Footer } from './Footer.tsx'
import { Header } from './Header.tsx'
import './Layout.css'

export function Layout() {
  const { pathname } = useLocation()
  const navigationType = useNavigationType()
  const lastVisit: ContextType<typeof LastVisit> = useRef(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new path scrolls; Back keeps its position
  useEffect(() => {
    if (navigationType !== 'POP') window.scrollTo(0, 0)
  }, [pathname])
  return (
    <LastVisit value={lastVisit}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header />
      <OfflineBanner />
      <Outlet />
      <UnverifiedBanner />
      <Footer />
      <BottomBar />
      <HeldReminder />
    </LastVisit>
  )
}
