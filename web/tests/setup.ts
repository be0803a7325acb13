// Every test starts with an empty page, clock and memory.
import { cleanup } from '@testing-library/react'
import { afterEach, beforeEach } from 'vitest'
import { forgetClock } from '../src/api/clock.ts'

beforeEach(() => {
  forgetClock()
  localStorage.clear()
  sessionStorage.clear()
})

afterEach(cleanup)
