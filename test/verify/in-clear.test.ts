// A password that went to the server by TLS goes nowhere else without it.
import { expect, it } from 'vitest'
import { login } from '../../src/verify/checks/reach.ts'
import { Probe, Skipped } from '../../src/verify/probe.ts'
import { subject } from './cases.ts'

/** A probe of a registry that says yes, and what it was asked. */
function probeAt(url: string, server: string, way: 'port' | 'endpoint' = 'port') {
  const asked: string[] = []
  const door = {
    ask: ({ step }: { step: string }) => {
      asked.push(step)
      return Promise.resolve({ step, status: 200, bytes: Buffer.alloc(0) })
    },
  }
  const shared = {
    server: { url: server, offline: [] },
    doors: { at: () => door },
    options: { signal: new AbortController().signal },
  }
  return { asked, probe: new Probe(subject({ address: { url, prefix: '', way } }), shared as never) }
}

it('a connector without TLS gets no password of a server with it', async () => {
  const { asked, probe } = probeAt('http://nexus.corp:8083', 'https://nexus.corp')
  await expect(login.run(probe)).rejects.toThrow(Skipped)
  await expect(login.run(probe)).rejects.toThrow('--endpoint ours=https://…')
  expect(asked).toEqual([])
})

it.each([
  ['a server without TLS', 'http://nexus.corp:8083', 'http://nexus.corp:8081', 'port'],
  ['a connector with TLS', 'https://nexus.corp:8443', 'https://nexus.corp', 'port'],
  ['this machine', 'http://127.0.0.1:8083', 'https://localhost:8443', 'port'],
  ['an endpoint that is named', 'http://registry.corp', 'https://nexus.corp', 'endpoint'],
] as const)('%s gets it', async (_, url, server, way) => {
  const { asked, probe } = probeAt(url, server, way)
  await login.run(probe)
  expect(asked).toEqual(['login'])
})
