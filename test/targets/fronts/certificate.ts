// A private CA and one certificate of it, for the hosts of the ways in that the tests use.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Pem {
  ca: string
  certificate: string
  key: string
}

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
    // The address is that of back ends with TLS.
    const names = [...hosts.map((host) => `DNS:${host}`), 'IP:127.0.0.1'].join(',')
    request(
      ...(['key.pem', 'cert.pem', '-subj', '/CN=registry', '-CA', file('ca.pem')] as const),
      ...['-CAkey', file('ca.key'), '-addext', `subjectAltName=${names}`],
      ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    )
    const read = (name: string) => readFileSync(file(name), 'utf8')
    return { ca: read('ca.pem'), certificate: read('cert.pem'), key: read('key.pem') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
