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

const ORDERS = '/api/orders'
const HERE = '/api/users/currentuser'

const isMine = (path: string): boolean =>
  path === HERE || path === ORDERS || /^\/api\/orders\/[^/]+$/.test(path)

async function fetchedOrKept(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const answer = await fetch(request).catch(() => null)
  if (answer === null) return pathname === ORDERS ? keptOrders() : kept(MINE, pathname)
  if (answer.ok) await keepWorthwhile(pathname, await answer.clone().json())
  return answer
}

/** Keeps who is here, and paid orders alone: no other is of use without signal. */
async function keepWorthwhile(path: string, body: unknown): Promise<void> {
  const cache = await caches.open(MINE)
  if (path === HERE) {
    if ((body as { currentUser: unknown }).currentUser) await cache.put(HERE, copyOf(body))
    return
  }
  for (const order of (Array.isArray(body) ? body : [body]) as Order[]) {
    const key = `${ORDERS}/${order.id}`
    if (order.status === 'completed') await cache.put(key, copyOf(order))
    else await cache.delete(key)
  }
}

async function keptOrders(): Promise<Response> {
  const cache = await caches.open(MINE)
  const keys = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith(`${ORDERS}/`))
  const orders = await Promise.all(
    keys.map(async (key) => (await cache.match(key))?.json() as Promise<Order>),
  )
  return copyOf(orders.sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1)))
}

/** Without a Date header: an old copy must not set the client's clock. */
const copyOf = (body: unknown): Response =>
  new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })

interface Order {
  id: string
  status: string
  createdAt: string
}

export {} // a module, so that these names are its own
