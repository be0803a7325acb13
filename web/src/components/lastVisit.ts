// The page that was visited last: the heading of another one takes the focus, that of the first one does not.
import { createContext } from 'react'

interface Visit {
  pathname: string
  step: string
}

export const LastVisit = createContext<{ current: Visit | null }>({ current: null })
