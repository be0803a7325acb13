// The API reference, rendered from openapi.json: every route with its inputs and its responses.
const METHODS = ['get', 'post', 'put', 'delete']

/** A schema with its references resolved. */
function resolve(schema, schemas, depth = 0) {
  if (!schema || depth > 6) return schema
  if (schema.$ref) return resolve(schemas[schema.$ref.split('/').pop()], schemas, depth + 1)
  const resolved = { ...schema }
  if (resolved.items) resolved.items = resolve(resolved.items, schemas, depth + 1)
  if (resolved.anyOf) resolved.anyOf = resolved.anyOf.map((each) => resolve(each, schemas, depth + 1))
  if (resolved.properties) {
    resolved.properties = Object.fromEntries(
      Object.entries(resolved.properties).map(([name, each]) => [name, resolve(each, schemas, depth + 1)]),
    )
  }
  return resolved
}

/** A type in a few words: string, list of {…}, integer or null. */
function typeName(schema) {
  if (!schema) return 'any'
  if (schema.anyOf) return schema.anyOf.map(typeName).join(' or ')
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(' | ')
  if (schema.type === 'array') return `list of ${typeName(schema.items)}`
  if (schema.properties) return `{ ${Object.entries(schema.properties).map(([name, each]) => `${name}: ${typeName(each)}`).join(', ')} }`
  return schema.format ?? schema.type ?? 'any'
}

function addCell(row, text) {
  row.insertCell().textContent = text
}

function createRoute(method, path, operation, { schemas, responses = {} }) {
  const route = document.getElementById('route').content.cloneNode(true)
  route.querySelector('.method').textContent = method.toUpperCase()
  route.querySelector('.path').textContent = path
  route.querySelector('.summary').textContent = operation.summary ?? ''
  route.querySelector('.access').textContent = '401' in operation.responses ? 'Requires a session.' : 'Public.'
  const inputs = route.querySelector('.inputs')
  for (const parameter of operation.parameters ?? []) {
    const line = document.createElement('p')
    const where = `${parameter.in}${parameter.required ? '' : ', optional'}`
    line.textContent = `${parameter.name} (${where}): ${typeName(resolve(parameter.schema, schemas))}`
    inputs.append(line)
  }
  const body = operation.requestBody?.content?.['application/json']?.schema
  if (body) inputs.append(Object.assign(document.createElement('p'), { textContent: `Body: ${typeName(resolve(body, schemas))}` }))
  const table = route.querySelector('tbody')
  for (const [status, declared] of Object.entries(operation.responses)) {
    const response = declared.$ref ? responses[declared.$ref.split('/').pop()] : declared
    const row = table.insertRow()
    addCell(row, status)
    addCell(row, response.description)
    const schema = response.content?.['application/json']?.schema
    addCell(row, schema ? typeName(resolve(schema, schemas)) : '')
  }
  return route
}

async function render() {
  const api = await (await fetch('/api/openapi.json')).json()
  document.getElementById('about').textContent = `${api.info.title} ${api.info.version}`
  const services = new Map()
  for (const [path, operations] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((each) => each in operations)) {
      const service = operations[method].tags?.[0] ?? 'other'
      services.set(service, [...(services.get(service) ?? []), [method, path, operations[method]]])
    }
  }
  const main = document.getElementById('routes')
  for (const [service, routes] of services) {
    main.append(Object.assign(document.createElement('h2'), { textContent: service }))
    for (const route of routes) main.append(createRoute(...route, api.components))
  }
}

render()
