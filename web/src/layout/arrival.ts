// Where the reader last arrived: a heading elsewhere takes the focus, the first one of a visit does not.
import { createContext } from 'react'

interface Place {
  pathname: string
  step: string
}

export const Arrival = createContext<{ current: Place | null }>({ current: null })
