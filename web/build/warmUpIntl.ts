// Builds src/warmUpIntl.ts as a script of its own, which the page loads asynchronously.
import type { Plugin } from 'vite'

const NAME = 'warmUpIntl'

export function warmUpIntl(): Plugin {
  return {
    name: 'tiketz-warm-up-intl',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: `src/${NAME}.ts`, name: NAME })
    },
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        return Object.keys(bundle ?? {})
          .filter((name) => name.startsWith(`assets/${NAME}-`))
          .map((name) => ({
            tag: 'script',
            attrs: { type: 'module', crossorigin: '', async: '', src: `/${name}` },
            injectTo: 'head',
          }))
      },
    },
  }
}
