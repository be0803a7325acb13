// Shown while the browser is offline.
import { Icon } from '#components/Icon.tsx'
import { useOnline } from '#components/useOnline.ts'
import './OfflineBanner.css'

export function OfflineBanner() {
  if (useOnline()) return null
  return (
    <div role="alert" className="offline">
      <p className="wrap small">
        <Icon name="cloud" />
        You’re offline. Tickets you paid for still open; everything else waits for a connection.
      </p>
    </div>
  )
}
