// Where the reader last arrived: a heading elsewhere takes the focus, the first one of a visit does not.
import { createContext } from 'react'

export const Arrival = createContext<{ current: string | null }>({ current: null })
