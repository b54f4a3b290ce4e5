// `npm run advisories` against a registry of our own: what it asks about, and how it ends.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const bulk = '/-/npm/v1/security/advisories/bulk'

/** What npm asks about: versions by name. */
type Asked = Record<string, string[]>

let registry: Server
let cache = ''
let asked: Asked = {}
let answer: (asked: Asked) => object | undefined

beforeEach(async () => {
  asked = {}
  cache = mkdtempSync(join(tmpdir(), 'nexus-docker-advisories-test-'))
  registry = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.url !== bulk) return response.writeHead(404).end('{}')
      const body = Buffer.concat(chunks)
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
      asked = JSON.parse(text.toString()) as Asked
      const found = answer(asked)
      return response.writeHead(found ? 200 : 405).end(JSON.stringify(found ?? {}))
    })
  })
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  registry.close()
  rmSync(cache, { recursive: true, force: true })
})

function advisories(url: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    PATH: process.env['PATH'],
    HOME: cache,
    npm_config_registry: url,
    npm_config_cache: cache,
    npm_config_fetch_retries: '0',
    npm_config_update_notifier: 'false',
  }
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/advisories.js'], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

it('asks about what is in the program and nothing else, and is content where there is nothing', async () => {
  answer = () => ({})
  const result = await advisories(urlOf(registry))
  expect(result).toMatchObject({ code: 0, stderr: '' })
  expect(result.stdout).toMatch(/^no known advisory about the \d+ packages in the program\n$/)
  const names = Object.keys(asked)
  expect(names).toEqual(expect.arrayContaining(['got', 'zod', 'yaml', '@inquirer/core']))
  for (const tool of ['vitest', 'esbuild', 'typescript', 'http2-wrapper']) expect(names).not.toContain(tool)
})

it('fails on a known advisory and says which', async () => {
  const advisory = {
    id: 1,
    url: 'https://example.com/advisory/1',
    title: 'A title of a test',
    severity: 'high',
    vulnerable_versions: '*',
    cwe: [],
    cvss: { score: 0, vectorString: null },
  }
  answer = (all) => (all['got'] ? { got: [advisory] } : {})
  const result = await advisories(urlOf(registry))
  expect(result.code).toBe(1)
  expect(result.stderr).toBe('got: A title of a test (high) https://example.com/advisory/1\n')
  expect(result.stdout).toBe('')
})

it.each([
  ['a registry that has no such service', () => urlOf(registry)],
  ['nothing that answers', () => 'http://127.0.0.1:1/'],
])('says so where it gets no answer: %s', async (_, url) => {
  answer = () => undefined
  const result = await advisories(url())
  expect(result.code).toBe(0)
  expect(result.stdout).toMatch(/^not checked: no answer about advisories \(.+\)\n$/)
})
