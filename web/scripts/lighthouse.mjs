// Lighthouse over pages of a running environment: the median of three runs each, one line of JSON per page.
// Usage: node scripts/lighthouse.mjs ORIGIN NAME=/path … (COOKIE: sent with every page; CHROME_PATH: the browser)
import * as chromeLauncher from 'chrome-launcher'
import lighthouse from 'lighthouse'

const RUNS = 3
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo']
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']

const [origin, ...pages] = process.argv.slice(2)

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

const chrome = await chromeLauncher.launch({ chromeFlags: FLAGS })
try {
  for (const page of pages) {
    const [name, path] = page.split(/=(.*)/)
    const runs = []
    for (let attempts = 0; runs.length < RUNS && attempts < 2 * RUNS; attempts++) {
      const run = await measure(`${origin}${path}`, chrome.port)
      if (run.lcp !== undefined) runs.push(run) // a busy machine may paint nothing in time
    }
    const numbers = Object.keys(runs[0]).filter((key) => key !== 'failing')
    const medians = Object.fromEntries(numbers.map((key) => [key, median(runs.map((run) => run[key]))]))
    medians.failing = [...new Set(runs.flatMap(({ failing }) => failing))]
    process.stdout.write(`${JSON.stringify({ name, ...medians })}\n`)
  }
} finally {
  chrome.kill()
}
