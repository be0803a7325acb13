// The two fonts: their licences are published beside them, and the page preloads the display font before it has the CSS.
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const DISPLAY = 'bricolage-grotesque'
const FAMILIES = [DISPLAY, 'instrument-sans']

export function fonts(): Plugin {
  return {
    name: 'tiketz-fonts',
    apply: 'build',
    generateBundle() {
      for (const family of FAMILIES) {
        const source = readFileSync(`node_modules/@fontsource-variable/${family}/LICENSE`, 'utf8')
        this.emitFile({ type: 'asset', fileName: `licences/${family}-OFL.txt`, source })
      }
    },
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        return Object.keys(bundle ?? {})
          .filter((name) => name.endsWith('.woff2') && name.includes(DISPLAY))
          .map((name) => ({
            tag: 'link',
            attrs: { rel: 'preload', href: `/${name}`, as: 'font', type: 'font/woff2', crossorigin: '' },
            injectTo: 'head',
          }))
      },
    },
  }
}
