// The client's build: static files for a bucket, nothing inline, so that the strictest CSP holds.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { fonts } from './build/fonts.ts'
import { notFound } from './build/notFound.ts'
import { offline } from './build/offline.ts'
import { warmUpIntl } from './build/warmUpIntl.ts'

const origin = process.env.TIKETZ_ORIGIN ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), fonts(), warmUpIntl(), notFound(), offline()],
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022' },
  server: { proxy: { '/api': origin, '/config.json': origin, '/_local': origin } },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
    testTimeout: 30_000,
  },
})
