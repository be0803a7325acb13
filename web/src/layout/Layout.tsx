// What every page stands in: skip link, header, the offline word, the page, footer.
import { useEffect } from 'react'
import { Outlet, useLocation, useNavigationType } from 'react-router'
import { OfflineBanner } from '../trouble/OfflineBanner.tsx'
import { Footer } from './Footer.tsx'
import { Header } from './Header.tsx'

export function Layout() {
  const { pathname } = useLocation()
  const arrival = useNavigationType()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path is what scrolls; Back keeps its place
  useEffect(() => {
    if (arrival !== 'POP') window.scrollTo(0, 0)
  }, [pathname])
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header />
      <OfflineBanner />
      <Outlet />
      <Footer />
    </>
  )
}
