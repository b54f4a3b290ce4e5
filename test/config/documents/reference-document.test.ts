import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { upstreamNames } from '../../../src/intents/upstreams.ts'
import { loadText, placed } from '../load-text.ts'
import { referenceTables } from './reference-tables.ts'

const path = fileURLToPath(new URL('../../../docs/reference/configuration.md', import.meta.url))
const written = readFileSync(path, 'utf8')
const table = /<!-- fields: (\w+) -->\n[\s\S]*?<!-- end -->/g

test('the tables of docs/reference/configuration.md are those of the fields (else: vitest run test/config/reference-document.test.ts -u)', async () => {
  const tables = referenceTables()
  const places = [...written.matchAll(table)].map((match) => match[1] ?? '')
  expect(places.sort()).toEqual(Object.keys(tables).sort())
  const fresh = written.replaceAll(
    table,
    (_, name: string) => `<!-- fields: ${name} -->\n${tables[name] ?? ''}\n<!-- end -->`,
  )
  await expect(fresh).toMatchFileSnapshot(path)
})

test('every YAML example of the page is valid', async () => {
  const blocks = [...written.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  expect(blocks.length).toBeGreaterThan(3)
  const environment = { NEXUS_PASSWORD: 'x', HUB_TOKEN: 'x', PROXY_PASSWORD: 'x' }
  for (const block of blocks) expect(placed(await loadText(block, { environment }))).toEqual([])
})

test('every upstream is named', () => {
  expect(upstreamNames.filter((name) => !written.includes(`\`${name}\``))).toEqual([])
})
