// The page's h1. When the page changes under the reader, focus comes here; on the first page it stays put.
import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { Arrival } from './arrival.ts'

interface Props {
  children: ReactNode
  /** Names a step within one address, such as an order that was paid: a new step is a new arrival. */
  step?: string
}

export function Heading({ children, step = '' }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const arrival = useContext(Arrival)
  const { pathname } = useLocation()
  useEffect(() => {
    const before = arrival.current
    arrival.current = { pathname, step }
    if (before === null || (before.pathname === pathname && before.step === step)) return
    const sameAddress = before.pathname === pathname
    if (sameAddress) window.scrollTo(0, 0) // another address is scrolled by the Layout
    heading.current?.focus({ preventScroll: !sameAddress })
  }, [arrival, pathname, step])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
