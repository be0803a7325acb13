// A script beside the client's, which the page asks for without waiting: src/words.ts tells why.
import type { Plugin } from 'vite'

const NAME = 'words'

export function words(): Plugin {
  return {
    name: 'tiketz-words',
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
