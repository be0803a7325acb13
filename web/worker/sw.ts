// The service worker: the client opens without signal, and so does every ticket that was paid for.

declare const __ASSETS__: string[] // filled in by build/offline.ts
declare const __BUILD__: string

const worker = self as unknown as ServiceWorkerGlobalScope
const SHELL = `tiketz-shell-${__BUILD__}`
const MINE = 'tiketz-mine' // one person's copies; signing in or out deletes it

worker.addEventListener('install', (event) => {
  event.waitUntil(keepShell())
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOldShells().then(() => worker.clients.claim()))
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return
  if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => kept(SHELL, '/index.html')))
  else if (__ASSETS__.includes(url.pathname)) event.respondWith(keptOrFetched(request))
  else if (isMine(url.pathname)) event.respondWith(fetchedOrKept(request))
})

async function keepShell(): Promise<void> {
  const cache = await caches.open(SHELL)
  await cache.addAll(['/index.html', ...__ASSETS__])
  await worker.skipWaiting()
}

async function dropOldShells(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith('tiketz-shell-') && name !== SHELL)
  await Promise.all(old.map((name) => caches.delete(name)))
}

async function kept(name: string, key: string): Promise<Response> {
  const copy = await (await caches.open(name)).match(key)
  return copy ?? Response.error()
}

async function keptOrFetched(request: Request): Promise<Response> {
  const copy = await (await caches.open(SHELL)).match(request)
  return copy ?? fetch(request)
}

const isMine = (path: string): boolean =>
  path === '/api/users/currentuser' || path === '/api/orders' || /^\/api\/orders\/[^/]+$/.test(path)

async function fetchedOrKept(request: Request): Promise<Response> {
  const key = new URL(request.url).pathname
  const answer = await fetch(request).catch(() => null)
  if (answer === null) return kept(MINE, key)
  if (answer.ok) await keepWorthwhile(key, await answer.clone().json())
  return answer
}

/** Keeps who is here, and paid orders alone: a pending one is of no use without signal. */
async function keepWorthwhile(key: string, body: unknown): Promise<void> {
  const worthwhile = Array.isArray(body) ? body.filter(isPaid) : body
  if (key.startsWith('/api/orders/') && !isPaid(worthwhile)) return
  if (key === '/api/users/currentuser' && !(body as { currentUser: unknown }).currentUser) return
  // Without a Date header: an old copy must not set the client's clock.
  const copy = new Response(JSON.stringify(worthwhile), { headers: { 'Content-Type': 'application/json' } })
  await (await caches.open(MINE)).put(key, copy)
}

const isPaid = (order: unknown): boolean => (order as { status?: string }).status === 'completed'

export {} // a module, so that these names are its own
