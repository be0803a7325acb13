// Fails when src/api/schema.d.ts differs from what docs/openapi.json generates.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const COMMITTED = 'src/api/schema.d.ts'
const folder = mkdtempSync('.fresh-')
const fresh = join(folder, 'schema.d.ts')
try {
  execFileSync(
    'npx',
    ['openapi-typescript', '../docs/openapi.json', '--default-non-nullable=false', '-o', fresh],
    { stdio: 'pipe' },
  )
  execFileSync('npx', ['biome', 'format', '--write', fresh], { stdio: 'pipe' })
  if (readFileSync(fresh, 'utf8') !== readFileSync(COMMITTED, 'utf8')) {
    console.error(`${COMMITTED} is stale: run "npm run api-types" and commit it.`)
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true })
}
