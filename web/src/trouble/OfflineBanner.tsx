// A quiet word while there is no network.
import { Icon } from '../parts/Icon.tsx'
import { useOnline } from './useOnline.ts'

export function OfflineBanner() {
  const online = useOnline()
  return (
    <div role="status" className={online ? undefined : 'offline'}>
      {!online && (
        <p className="wrap small">
          <Icon name="cloud" />
          You’re offline. Tickets you paid for still open; everything else waits for a connection.
        </p>
      )}
    </div>
  )
}
