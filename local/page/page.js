// The live events, newest first, from server-sent events; the browser reconnects by itself.

const MAX_SHOWN = 500
const list = document.getElementById('events')
const row = document.getElementById('row')
const filter = document.getElementById('filter')
const state = document.getElementById('state')
const empty = document.getElementById('empty')

function createItem(event) {
  const item = row.content.firstElementChild.cloneNode(true)
  const detail = JSON.stringify(event.detail, null, 2)
  item.className = event.service
  item.querySelector('time').textContent = new Date(event.time).toLocaleTimeString([], { hour12: false })
  item.querySelector('.service').textContent = event.service
  item.querySelector('.name').textContent = event.name
  item.querySelector('.summary').textContent = event.summary
  item.querySelector('pre').textContent = detail
  item.querySelector('button').addEventListener('click', () => {
    filter.value = event.detail.correlationId
    applyFilter()
  })
  item.text = `${event.service} ${event.name} ${event.summary} ${detail}`.toLowerCase()
  return item
}

const matches = (item) => item.text.includes(filter.value.trim().toLowerCase())

function applyFilter() {
  for (const item of list.children) item.hidden = !matches(item)
}

const stream = new EventSource('/_local/events/live')
stream.onopen = () => { state.textContent = 'Live' }
stream.onerror = () => { state.textContent = 'Reconnecting…' }
stream.onmessage = (message) => {
  const item = createItem(JSON.parse(message.data))
  item.hidden = !matches(item)
  list.prepend(item)
  empty.hidden = true
  if (list.children.length > MAX_SHOWN) list.lastElementChild.remove()
}
filter.addEventListener('input', applyFilter)
