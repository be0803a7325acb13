// The live flow of events, newest first. Events come as server-sent events; the browser reconnects by itself.

const SHOWN = 500
const list = document.getElementById('events')
const row = document.getElementById('row')
const filter = document.getElementById('filter')
const state = document.getElementById('state')
const empty = document.getElementById('empty')

function item(event) {
  const made = row.content.firstElementChild.cloneNode(true)
  const detail = JSON.stringify(event.detail, null, 2)
  made.className = event.service
  made.querySelector('time').textContent = new Date(event.time).toLocaleTimeString([], { hour12: false })
  made.querySelector('.service').textContent = event.service
  made.querySelector('.name').textContent = event.name
  made.querySelector('.gist').textContent = event.gist
  made.querySelector('pre').textContent = detail
  made.querySelector('button').addEventListener('click', () => {
    filter.value = event.detail.correlationId
    apply()
  })
  made.searched = `${event.service} ${event.name} ${event.gist} ${detail}`.toLowerCase()
  return made
}

function apply() {
  const wanted = filter.value.trim().toLowerCase()
  for (const each of list.children) each.hidden = !each.searched.includes(wanted)
}

const live = new EventSource('/_local/events/live')
live.onopen = () => { state.textContent = 'Live' }
live.onerror = () => { state.textContent = 'Reconnecting…' }
live.onmessage = (message) => {
  const added = item(JSON.parse(message.data))
  added.hidden = !added.searched.includes(filter.value.trim().toLowerCase())
  list.prepend(added)
  empty.hidden = true
  if (list.children.length > SHOWN) list.lastElementChild.remove()
}
filter.addEventListener('input', apply)
