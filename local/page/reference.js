// The API reference, drawn from openapi.json: every route with what it takes and what it answers.
const METHODS = ['get', 'post', 'put', 'delete']

/** A schema with its references followed, one level after the other. */
function resolved(schema, all, depth = 0) {
  if (!schema || depth > 6) return schema
  if (schema.$ref) return resolved(all[schema.$ref.split('/').pop()], all, depth + 1)
  const found = { ...schema }
  if (found.items) found.items = resolved(found.items, all, depth + 1)
  if (found.anyOf) found.anyOf = found.anyOf.map((each) => resolved(each, all, depth + 1))
  if (found.properties) {
    found.properties = Object.fromEntries(
      Object.entries(found.properties).map(([name, each]) => [name, resolved(each, all, depth + 1)]),
    )
  }
  return found
}

/** A type in a few words: text, list of {…}, integer or null. */
function words(schema) {
  if (!schema) return 'anything'
  if (schema.anyOf) return schema.anyOf.map(words).join(' or ')
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(' | ')
  if (schema.type === 'array') return `list of ${words(schema.items)}`
  if (schema.properties) return `{ ${Object.entries(schema.properties).map(([name, each]) => `${name}: ${words(each)}`).join(', ')} }`
  return schema.format ?? schema.type ?? 'anything'
}

function cell(row, text) {
  row.insertCell().textContent = text
}

function draw(method, path, operation, { schemas: all, responses = {} }) {
  const part = document.getElementById('route').content.cloneNode(true)
  part.querySelector('.method').textContent = method.toUpperCase()
  part.querySelector('.path').textContent = path
  part.querySelector('.summary').textContent = operation.summary ?? ''
  part.querySelector('.who').textContent = '401' in operation.responses ? 'Asks who you are.' : 'For everybody.'
  const takes = part.querySelector('.takes')
  for (const each of operation.parameters ?? []) {
    const line = document.createElement('p')
    line.textContent = `${each.name} (${each.in}${each.required ? '' : ', optional'}): ${words(resolved(each.schema, all))}`
    takes.append(line)
  }
  const body = operation.requestBody?.content?.['application/json']?.schema
  if (body) takes.append(Object.assign(document.createElement('p'), { textContent: `Body: ${words(resolved(body, all))}` }))
  const answers = part.querySelector('tbody')
  for (const [status, said] of Object.entries(operation.responses)) {
    const answer = said.$ref ? responses[said.$ref.split('/').pop()] : said
    const row = answers.insertRow()
    cell(row, status)
    cell(row, answer.description)
    const schema = answer.content?.['application/json']?.schema
    cell(row, schema ? words(resolved(schema, all)) : '')
  }
  return part
}

async function show() {
  const told = await (await fetch('/api/openapi.json')).json()
  document.getElementById('about').textContent = `${told.info.title} ${told.info.version}`
  const services = new Map()
  for (const [path, operations] of Object.entries(told.paths)) {
    for (const method of METHODS.filter((each) => each in operations)) {
      const service = operations[method].tags?.[0] ?? 'other'
      services.set(service, [...(services.get(service) ?? []), [method, path, operations[method]]])
    }
  }
  const main = document.getElementById('routes')
  for (const [service, routes] of services) {
    main.append(Object.assign(document.createElement('h2'), { textContent: service }))
    for (const route of routes) main.append(draw(...route, told.components))
  }
}

show()
