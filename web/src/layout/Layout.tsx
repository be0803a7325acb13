// What every page stands in: skip link, header, the offline word, the page, footer.
import { type ContextType, useEffect, useRef } from 'react'
import { Outlet, useLocation, useNavigationType } from 'react-router'
import { OfflineBanner } from '../trouble/OfflineBanner.tsx'
import { Arrival } from './arrival.ts'
import { Footer } from './Footer.tsx'
import { Header } from './Header.tsx'

export function Layout() {
  const { pathname } = useLocation()
  const how = useNavigationType()
  const arrival: ContextType<typeof Arrival> = useRef(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path is what scrolls; Back keeps its place
  useEffect(() => {
    if (how !== 'POP') window.scrollTo(0, 0)
  }, [pathname])
  return (
    <Arrival value={arrival}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header />
      <OfflineBanner />
      <Outlet />
      <Footer />
    </Arrival>
  )
}
