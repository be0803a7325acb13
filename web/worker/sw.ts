// The service worker: the client and every paid ticket open offline.

declare const __ASSETS__: string[] // filled in by build/offline.ts
declare const __BUILD__: string

const worker = self as unknown as ServiceWorkerGlobalScope
const SHELL = `tiketz-shell-${__BUILD__}`
const MINE = 'tiketz-mine' // the signed-in user's copies; signing in or out deletes them

worker.addEventListener('install', (event) => {
  event.waitUntil(cacheShell())
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(deleteOldShells().then(() => worker.clients.claim()))
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return
  if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => cached(SHELL, '/index.html')))
  else if (__ASSETS__.includes(url.pathname)) event.respondWith(cacheFirst(request))
  else if (isMine(url.pathname)) event.respondWith(networkFirst(request))
})

async function cacheShell(): Promise<void> {
  const cache = await caches.open(SHELL)
  await cache.addAll(['/index.html', ...__ASSETS__])
  await worker.skipWaiting()
}

async function deleteOldShells(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith('tiketz-shell-') && name !== SHELL)
  await Promise.all(old.map((name) => caches.delete(name)))
}

async function cached(name: string, key: string): Promise<Response> {
  const copy = await (await caches.open(name)).match(key)
  return copy ?? Response.error()
}

async function cacheFirst(request: Request): Promise<Response> {
  const copy = await (await caches.open(SHELL)).match(request)
  return copy ?? fetch(request)
}

const ORDERS = '/api/orders'
const CURRENT_USER = '/api/users/currentuser'

const isMine = (path: string): boolean =>
  path === CURRENT_USER || path === ORDERS || /^\/api\/orders\/[^/]+$/.test(path)

async function networkFirst(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const response = await fetch(request).catch(() => null)
  if (response === null) return pathname === ORDERS ? cachedOrders() : cached(MINE, pathname)
  if (response.ok) await store(pathname, await response.clone().json())
  return response
}

/** Stores the user and paid orders only: no other order is of use offline. */
async function store(path: string, body: unknown): Promise<void> {
  const cache = await caches.open(MINE)
  if (path === CURRENT_USER) {
    if ((body as { currentUser: unknown }).currentUser) await cache.put(CURRENT_USER, toResponse(body))
    return
  }
  for (const order of (Array.isArray(body) ? body : [body]) as Order[]) {
    const key = `${ORDERS}/${order.id}`
    if (order.status === 'completed') await cache.put(key, toResponse(order))
    else await cache.delete(key)
  }
}

async function cachedOrders(): Promise<Response> {
  const cache = await caches.open(MINE)
  const keys = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith(`${ORDERS}/`))
  const orders = await Promise.all(
    keys.map(async (key) => (await cache.match(key))?.json() as Promise<Order>),
  )
  return toResponse(orders.sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1)))
}

/** Without a Date header: an old copy must not set the client's clock. */
const toResponse = (body: unknown): Response =>
  new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })

interface Order {
  id: string
  status: string
  createdAt: string
}

export {} // a module, so that these names are its own
