// Evidence as it is collected, written by hand from what real servers and proxies are seen to answer (edge.md 4, docker-evidence 30 to 50).
import type { Challenge } from '../../src/registry/challenge.ts'
import type { Case, CheckName, Exchange, Step, Subject } from '../../src/verify/evidence.ts'

export const api = { 'docker-distribution-api-version': 'registry/2.0' }
export const basic: Challenge = {
  scheme: 'basic',
  parameters: { realm: 'Sonatype Nexus Repository Manager' },
}
export const bearer = (realm: string): Challenge => ({
  scheme: 'bearer',
  parameters: { realm, service: realm },
})

export function exchange(step: Step, rest: Partial<Exchange> = {}): Exchange {
  return {
    step,
    method: 'GET',
    url: 'http://nexus:8083/v2/',
    as: step === 'ping' ? 'nobody' : 'user',
    headers: api,
    challenges: [],
    errors: [],
    page: false,
    text: '',
    milliseconds: 3,
    ...rest,
  }
}

export const failure = (kind: string, code: string = kind) => ({ failure: { kind, code }, headers: {} })
export const registryError = (code: string, message = '', detail = '') => ({
  errors: [{ code, message, detail }],
})
export const page = (text = '<html><title>Nexus Repository Manager</title>') => ({
  page: true,
  text,
  headers: {},
})

export function subject(rest: Partial<Subject> = {}): Subject {
  const { wanted = { httpPort: 8083, forceBasicAuth: true, blobStore: 'images' } } = rest
  return {
    name: 'ours',
    type: 'hosted',
    path: ['repositories', rest.name ?? 'ours'],
    written: wanted,
    actual: wanted,
    wanted,
    address: { url: 'http://nexus:8083', prefix: '', way: 'port' },
    ...rest,
  }
}

export const atEndpoint = (url = 'https://registry.example.com') =>
  ({ url, prefix: '', way: 'endpoint' }) as const

/** A case whose last exchange is the wrong one, unless another one is named. */
export function caseOf(
  check: CheckName,
  exchanges: Exchange[],
  rest: Partial<Omit<Case, 'check' | 'exchanges'>> = {},
): Case {
  const wrong = rest.wrong ?? exchanges.at(-1)
  if (!wrong) throw new Error('a case needs evidence')
  return {
    check,
    exchanges,
    subject: subject(),
    server: { url: 'http://nexus:8081', version: '3.90.0', edition: 'community', offline: [] },
    login: { username: 'ci', passwordFrom: 'NEXUS_AS_PASSWORD' },
    ...rest,
    wrong,
  }
}
