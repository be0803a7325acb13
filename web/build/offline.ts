// Builds the service worker beside the client and passes it the list of files to cache.
import { createHash } from 'node:crypto'
import { build, type Plugin } from 'vite'

export function offline(): Plugin {
  let outDir = 'dist'
  let assets: string[] = []
  return {
    name: 'tiketz-offline',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir
    },
    writeBundle(_, bundle) {
      assets = Object.keys(bundle)
        .filter((name) => name.startsWith('assets/'))
        .map((name) => `/${name}`)
        .sort()
    },
    async closeBundle() {
      const id = createHash('sha256').update(assets.join()).digest('hex').slice(0, 12)
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        define: { __ASSETS__: JSON.stringify(assets), __BUILD__: JSON.stringify(id) },
        build: {
          outDir,
          emptyOutDir: false,
          modulePreload: false,
          rollupOptions: {
            input: 'worker/sw.ts',
            output: { entryFileNames: 'sw.js', format: 'iife' },
          },
        },
      })
    },
  }
}
