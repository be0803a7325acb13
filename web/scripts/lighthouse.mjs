// Lighthouse over some pages of a running world: the median of three runs each, as JSON on standard output.
// Usage: node scripts/lighthouse.mjs ORIGIN NAME=/path … (COOKIE: sent with every page; CHROME_PATH: the browser)
import http from 'node:http'
import zlib from 'node:zlib'
import * as chromeLauncher from 'chrome-launcher'
import lighthouse from 'lighthouse'

const RUNS = 3
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo']
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
const TEXT = /^(text\/|application\/(json|javascript|manifest\+json|problem\+json)|image\/svg)/

const [origin, ...pages] = process.argv.slice(2)

/** In front of the world, compressing as CloudFront does (Brotli, cheaply). */
function compressing() {
  return http.createServer((request, response) => {
    const { pathname, search } = new URL(request.url, origin)
    const onward = http.request(`${origin}${pathname}${search}`, {
      method: request.method,
      headers: request.headers,
    })
    onward.on('response', (answer) => {
      const headers = { ...answer.headers }
      if (!TEXT.test(headers['content-type'] ?? '')) {
        response.writeHead(answer.statusCode, headers)
        answer.pipe(response)
        return
      }
      delete headers['content-length']
      response.writeHead(answer.statusCode, { ...headers, 'content-encoding': 'br' })
      const brotli = zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } })
      answer.pipe(brotli).pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

async function measure(url, port) {
  const extraHeaders = process.env.COOKIE ? { Cookie: process.env.COOKIE } : {}
  const { lhr } = await lighthouse(url, { port, onlyCategories: CATEGORIES, extraHeaders, logLevel: 'error' })
  const failing = Object.values(lhr.audits).filter(
    ({ score, scoreDisplayMode }) => score !== null && score < 1 && scoreDisplayMode === 'binary',
  )
  return {
    ...Object.fromEntries(
      CATEGORIES.map((name) => [name, Math.round((lhr.categories[name].score ?? 0) * 100)]),
    ),
    lcp: lhr.audits['largest-contentful-paint'].numericValue,
    tbt: lhr.audits['total-blocking-time'].numericValue,
    fcp: lhr.audits['first-contentful-paint'].numericValue,
    cls: lhr.audits['cumulative-layout-shift'].numericValue,
    bytes: lhr.audits['total-byte-weight'].numericValue,
    failing: failing.map(({ id }) => id),
  }
}

const server = compressing().listen(0, '127.0.0.1')
const chrome = await chromeLauncher.launch({ chromeFlags: FLAGS })
try {
  const found = {}
  for (const page of pages) {
    const [name, path] = page.split(/=(.*)/)
    const runs = []
    for (let tries = 0; runs.length < RUNS && tries < 2 * RUNS; tries++) {
      const run = await measure(`http://127.0.0.1:${server.address().port}${path}`, chrome.port)
      if (run.lcp !== undefined) runs.push(run) // a starved machine may paint nothing in time
    }
    const numbers = Object.keys(runs[0]).filter((key) => key !== 'failing')
    found[name] = Object.fromEntries(numbers.map((key) => [key, median(runs.map((run) => run[key]))]))
    found[name].failing = [...new Set(runs.flatMap(({ failing }) => failing))]
  }
  process.stdout.write(`${JSON.stringify(found)}\n`)
} finally {
  chrome.kill()
  server.close()
  server.closeAllConnections()
}
