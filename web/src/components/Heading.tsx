// The page's h1. It takes the focus when the page changes, except on the first page.
import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { LastVisit } from './lastVisit.ts'

interface Props {
  children: ReactNode
  /** Names a state of one address, such as a paid order: a new state counts as another page. */
  step?: string
}

export function Heading({ children, step = '' }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const lastVisit = useContext(LastVisit)
  const { pathname } = useLocation()
  useEffect(() => {
    const before = lastVisit.current
    lastVisit.current = { pathname, step }
    if (before === null || (before.pathname === pathname && before.step === step)) return
    const isSameAddress = before.pathname === pathname
    if (isSameAddress) window.scrollTo(0, 0) // the Layout scrolls for another address
    heading.current?.focus({ preventScroll: !isSameAddress })
  }, [lastVisit, pathname, step])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
