// The end of an endless list: more comes when it is scrolled to, or asked for.
import { useEffect, useRef } from 'react'

interface Props {
  hasMore: boolean
  busy: boolean
  more: () => unknown
  what: string
}

export function EndlessEnd({ hasMore, busy, more, what }: Props) {
  const button = useRef<HTMLButtonElement>(null)
  const ask = useRef(more)
  ask.current = more
  useEffect(() => {
    if (!hasMore || busy || !button.current || !('IntersectionObserver' in window)) return
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && ask.current(), {
      rootMargin: '600px',
    })
    seen.observe(button.current)
    return () => seen.disconnect()
  }, [hasMore, busy])
  if (!hasMore) return null
  return (
    <p className="more">
      <button ref={button} className="btn ghost" type="button" onClick={more} aria-disabled={busy}>
        {busy ? 'Fetching more…' : `Show more ${what}`}
      </button>
    </p>
  )
}
