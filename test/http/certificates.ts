import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A key pair and what it says of itself, as a server or a client uses it. */
interface Identity {
  key: string
  cert: string
}

export interface Certificates {
  /** The authority's certificate. */
  ca: string
  selfSigned: Identity
  localhost: Identity
  /** For another name. */
  elsewhere: Identity
  /** For localhost, as people made them once: without a subjectAltName. */
  commonName: Identity
  expired: Identity
  /** Valid from 2090 on. */
  notYetValid: Identity
  client: Identity
}

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Without openssl the tests of TLS are skipped, visibly; on CI they fail instead. */
export const withOpenssl = hasOpenssl() || Boolean(process.env['CI'])

let made: Certificates | undefined

/** A throw-away authority and what it signed; made once for each test file. */
export function certificates(): Certificates {
  made ??= make()
  return made
}

function make(): Certificates {
  const folder = mkdtempSync(path.join(tmpdir(), 'nexus-docker-tls-'))
  const file = (name: string): string => path.join(folder, name)
  const openssl = (...parameters: string[]): void =>
    void execFileSync('openssl', parameters, { stdio: 'pipe' })
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  function identity(name: string, subject: string, extensions: string, validity: string[]): Identity {
    writeFileSync(file(`${name}.ext`), extensions)
    openssl(
      'req',
      ...ec,
      '-keyout',
      file(`${name}.key`),
      '-out',
      file(`${name}.csr`),
      '-subj',
      `/CN=${subject}`,
    )
    openssl(
      'x509',
      '-req',
      '-in',
      file(`${name}.csr`),
      '-CA',
      file('ca.pem'),
      '-CAkey',
      file('ca.key'),
      '-CAcreateserial',
      '-out',
      file(`${name}.pem`),
      '-extfile',
      file(`${name}.ext`),
      ...validity,
    )
    return { key: readFileSync(file(`${name}.key`), 'utf8'), cert: readFileSync(file(`${name}.pem`), 'utf8') }
  }
  /** Of the same key: only `openssl ca` of older versions takes a day to begin with. */
  function notYetValid(localhost: Identity): Identity {
    const settings = `[ca]\ndefault_ca=own\n[own]\ndatabase=${file('index')}\nserial=${file('serial')}\nnew_certs_dir=${folder}\npolicy=any\n[any]\ncommonName=supplied\n`
    writeFileSync(file('ca.cnf'), settings)
    writeFileSync(file('index'), '')
    writeFileSync(file('serial'), '0A')
    openssl(
      ...['ca', '-batch', '-notext', '-config', file('ca.cnf'), '-md', 'sha256'],
      ...['-startdate', '20900101000000Z', '-enddate', '20910101000000Z'],
      ...['-cert', file('ca.pem'), '-keyfile', file('ca.key'), '-extfile', file('localhost.ext')],
      ...['-in', file('localhost.csr'), '-out', file('later.pem')],
    )
    return { key: localhost.key, cert: readFileSync(file('later.pem'), 'utf8') }
  }
  try {
    openssl(
      'req',
      '-x509',
      ...ec,
      '-keyout',
      file('ca.key'),
      '-out',
      file('ca.pem'),
      '-days',
      '2',
      '-subj',
      '/CN=Test CA',
    )
    const localhost = identity('localhost', 'localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1', [
      '-days',
      '2',
    ])
    return {
      ca: readFileSync(file('ca.pem'), 'utf8'),
      selfSigned: { key: readFileSync(file('ca.key'), 'utf8'), cert: readFileSync(file('ca.pem'), 'utf8') },
      localhost,
      notYetValid: notYetValid(localhost),
      elsewhere: identity('elsewhere', 'elsewhere', 'subjectAltName=DNS:elsewhere.invalid', ['-days', '2']),
      commonName: identity('common', 'localhost', 'keyUsage=digitalSignature', ['-days', '2']),
      expired: identity('expired', 'localhost', 'subjectAltName=IP:127.0.0.1', ['-days', '-1']),
      client: identity('client', 'client', 'extendedKeyUsage=clientAuth', ['-days', '2']),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
