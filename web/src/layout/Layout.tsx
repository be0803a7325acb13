// The frame of every page: skip link, header, offline banner, the page, footer, navigation on phones.
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
      <UnverifiedBanner />
      <Outlet />
      <Footer />
      <BottomBar />
      <HeldReminder />
    </LastVisit>
  )
}
