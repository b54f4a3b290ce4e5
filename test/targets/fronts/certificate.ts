// A private CA and one certificate of it, for the hosts of the ways in that the tests use.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Pem {
  ca: string
  certificate: string
  key: string
  /** By the same authority, each for one name. */
  only: Record<(typeof singles)[number], { certificate: string; key: string }>
}

const singles = ['elsewhere.example.com', 'registry.example.com', 'localhost'] as const

let made: Pem | undefined

/** PEM texts, made once for each test file. */
export function certificateForExample(): Pem {
  made ??= certificateFor(['example.com', '*.example.com', '*.registry.example.com'])
  return made
}

/** Of an authority that nobody trusts. */
export function certificateOfStranger(): Pem {
  return certificateFor(['example.com'])
}

/** Of a CA of its own. */
export function certificateFor(hosts: readonly string[]): Pem {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-docker-front-'))
  const file = (name: string) => join(folder, name)
  const request = (key: string, out: string, ...more: string[]) =>
    execFileSync(
      'openssl',
      [
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '2',
        ],
        ...['-keyout', file(key), '-out', file(out), ...more],
      ],
      { stdio: 'pipe' },
    )
  try {
    request('ca.key', 'ca.pem', '-subj', '/CN=Test CA')
    // The last is that of back ends with TLS.
    const names = [...hosts, 'localhost'].map((host) => `DNS:${host}`).join(',')
    for (const [key, certificate, subjects] of [
      ['key.pem', 'cert.pem', names],
      ...singles.map((host) => [`${host}.key`, `${host}.pem`, `DNS:${host}`] as const),
    ] as const)
      request(
        ...([key, certificate, '-subj', '/CN=registry', '-CA', file('ca.pem')] as const),
        ...['-CAkey', file('ca.key'), '-addext', `subjectAltName=${subjects}`],
        ...['-addext', 'basicConstraints=critical,CA:FALSE'],
      )
    const read = (name: string) => readFileSync(file(name), 'utf8')
    const only = Object.fromEntries(
      singles.map((host) => [host, { certificate: read(`${host}.pem`), key: read(`${host}.key`) }]),
    ) as Pem['only']
    return { ca: read('ca.pem'), certificate: read('cert.pem'), key: read('key.pem'), only }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
