// The end of a paged list: loads the next page when it is scrolled into view or clicked.
import { useEffect, useRef } from 'react'
import './LoadMore.css'

interface Props {
  hasMore: boolean
  isLoading: boolean
  load: () => unknown
  /** The plural of what is listed: "tickets". */
  noun: string
}

export function LoadMore({ hasMore, isLoading, load, noun }: Props) {
  const button = useRef<HTMLButtonElement>(null)
  const latestLoad = useRef(load)
  latestLoad.current = load
  useEffect(() => {
    if (!hasMore || isLoading || !button.current || !('IntersectionObserver' in window)) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latestLoad.current(), {
      rootMargin: '600px',
    })
    observer.observe(button.current)
    return () => observer.disconnect()
  }, [hasMore, isLoading])
  if (!hasMore) return null
  return (
    <p className="more">
      <button ref={button} className="btn ghost" type="button" onClick={load} aria-disabled={isLoading}>
        {isLoading ? 'Fetching more…' : `Show more ${noun}`}
      </button>
    </p>
  )
}
