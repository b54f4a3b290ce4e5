// The transport by itself, as a client of something else than Nexus uses it.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import type { TransportOptions } from '../../src/http/options.ts'
import type { Service } from '../../src/http/sentence.ts'
import { Transport } from '../../src/http/transport.ts'
import { failure, server } from '../nexus/helpers.ts'

const REGISTRY: Service = { name: 'the registry', port: 5000, example: 'https://host/prefix' }

function transport(url: string, options: Partial<TransportOptions> = {}): Transport {
  const made = new Transport(
    { url, redactor: createRedactor(), delay: () => Promise.resolve(), ...options },
    REGISTRY,
  )
  onTestFinished(() => made.close())
  return made
}

describe('a transport', () => {
  it('signs in as it is told: here with a token that runs out', async () => {
    const target = await server(({ headers }) => ({
      status: headers.authorization === 'Bearer new' ? 200 : 401,
      body: { path: headers.accept },
    }))
    const registry = transport(`${target.url}/v2`)
    const request = { method: 'GET', path: '/_catalog', headers: { accept: 'text/x' } } as const
    const { answer, body } = await registry.request(request, {
      attempt: async (send) => {
        const first = await send('Bearer old')
        return first.answer?.status === 401 ? send('Bearer new') : first
      },
    })
    expect([answer.status, body]).toEqual([200, { path: 'text/x' }])
    expect(target.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v2/_catalog', 'Bearer old'],
      ['/v2/_catalog', 'Bearer new'],
    ])
    expect(registry.counts).toEqual({ total: 2, writes: 0 })
  })

  it('hands every final answer over, and repeats as HTTP says', async () => {
    const target = await server((_, index) => ({ status: index === 0 ? 503 : 418, body: ['no'] }))
    const { answer, body } = await transport(target.url).request({ method: 'POST', path: '/x', json: 1 })
    expect([answer.status, body, target.received.length]).toEqual([418, ['no'], 2])
  })

  it('leaves the last word on that to whoever sends', async () => {
    const target = await server(() => ({ status: 409 }))
    const registry = transport(target.url, { retries: 2 })
    const words: [number | undefined, boolean][] = []
    const request = { method: 'GET', path: '/x' } as const
    await registry.request(request, {
      mayRepeat: ({ answer }, passing) => {
        words.push([answer?.status, passing])
        return true
      },
    })
    expect(target.received).toHaveLength(3)
    expect(words).toEqual([
      [409, false],
      [409, false],
    ])
    await registry.request({ ...request, allow: [409] }, { mayRepeat: () => true })
    expect(target.received).toHaveLength(4)
  })

  it('names what was expected there', async () => {
    const elsewhere = await server(() => ({ status: 302, headers: { location: 'http://other.invalid/x' } }))
    const redirected = await failure(transport(elsewhere.url).request({ method: 'GET', path: '/x' }))
    expect(redirected.hint).toContain('an address that leads to the registry directly')
    const mail = await server(() => ({ raw: '220 mail.example.com ESMTP\r\n' }))
    const greeting = await failure(transport(mail.url).request({ method: 'POST', path: '/x' }))
    expect(greeting).toMatchObject({ code: 'lost-answer' })
    const reading = transport(mail.url, { retries: 0 }).request({ method: 'GET', path: '/x' })
    expect((await failure(reading)).hint).toBe('Check the port: 5000 is usual for the registry.')
  })

  it('that is closed sends nothing any more', async () => {
    const target = await server(() => ({ status: 200 }))
    const registry = transport(target.url)
    registry.close()
    const error = await failure(registry.request({ method: 'GET', path: '/x' }))
    expect([error.code, target.received.length]).toEqual(['interrupted', 0])
  })
})

it('src/http knows no Nexus', () => {
  const folder = fileURLToPath(new URL('../../src/http/', import.meta.url))
  const files = readdirSync(folder).map((name) => [name, readFileSync(folder + name, 'utf8')] as const)
  // What a comment gives as an example is no knowledge.
  const code = files.map(
    ([name, text]) => [name, text.replace(/\/\*\*[\s\S]*?\*\/|^ *\/\/.*$/gm, '')] as const,
  )
  expect(code.filter(([, text]) => /Nexus|siesta|extdirect/.test(text)).map(([name]) => name)).toEqual([])
})
