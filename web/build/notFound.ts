// A copy of the page under the name that hosting.yaml gives paths which are no route of the client.
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'vite'

export function notFound(): Plugin {
  let outDir = 'dist'
  return {
    name: 'tiketz-not-found',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir
    },
    async closeBundle() {
      await copyFile(join(outDir, 'index.html'), join(outDir, '404.html'))
    },
  }
}
