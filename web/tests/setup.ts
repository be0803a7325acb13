// Every test starts with an empty page, clock and storage.
import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeEach } from 'vitest'
import { resetClock } from '#api/clock.ts'

configure({ asyncUtilTimeout: 10_000 }) // the machine may be busy

Element.prototype.scrollIntoView = () => undefined // jsdom has no layout

beforeEach(() => {
  resetClock()
  localStorage.clear()
  sessionStorage.clear()
})

afterEach(cleanup)
