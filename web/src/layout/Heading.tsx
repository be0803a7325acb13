// The page's h1. When the page changes under the reader, focus comes here; on the first page it stays put.
import { type ReactNode, useEffect, useRef } from 'react'
import { useLocation } from 'react-router'

let arrivedAt: string | null = null

interface Props {
  children: ReactNode
  /** Names a step within one address, such as an order that was paid: a new step is a new arrival. */
  step?: string
}

export function Heading({ children, step = '' }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const here = `${useLocation().pathname} ${step}`
  useEffect(() => {
    if (arrivedAt !== null && arrivedAt !== here) heading.current?.focus({ preventScroll: true })
    arrivedAt = here
  }, [here])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
