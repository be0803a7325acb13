// Every test starts with an empty page, clock and memory.
import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeEach } from 'vitest'
import { forgetClock } from '../src/api/clock.ts'

configure({ asyncUtilTimeout: 10_000 }) // the machine may be busy

Element.prototype.scrollIntoView = () => undefined // jsdom draws nothing

beforeEach(() => {
  forgetClock()
  localStorage.clear()
  sessionStorage.clear()
})

afterEach(cleanup)
