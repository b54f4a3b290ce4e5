import { createPrivateKey } from 'node:crypto'
import net, { type AddressInfo } from 'node:net'
import tls, { rootCertificates } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import { tlsOptionsFor } from '../../src/http/tls.ts'
import type { ConnectionOptions } from '../../src/nexus/client.ts'
import { client, failure, get, server } from '../nexus/helpers.ts'
import { type Certificates, certificates, withOpenssl } from './certificates.ts'
import { NEXUS, type ScriptedServer } from './scripted-server.ts'

describe.skipIf(!withOpenssl)('TLS', () => {
  it('with an own authority still trusts the usual ones', () => {
    const { ca } = certificates()
    expect(tlsOptionsFor({ url: 'https://x', caCert: ca, redactor: createRedactor() }).ca).toEqual([
      ...rootCertificates,
      ca.trim(),
    ])
  })

  it('… and those of NODE_EXTRA_CA_CERTS, whatever else is in that file', () => {
    const { ca, elsewhere } = certificates()
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
    const extraCaCerts = `# ours\n${damaged}\n${elsewhere.cert}${damaged}-----BEGIN CERTIFICATE-----`
    const options = { url: 'https://x', caCert: ca, extraCaCerts, redactor: createRedactor() }
    expect(tlsOptionsFor(options).ca).toEqual([...rootCertificates, elsewhere.cert.trim(), ca.trim()])
    expect(tlsOptionsFor({ ...options, caCert: undefined }).ca).toBeUndefined()
  })

  it('… and what Node says that it trusts, where it says so, each once', () => {
    const { ca, elsewhere } = certificates()
    const known: Record<string, string[]> = { default: ['a', 'b'], system: ['b', ca.trim(), 'c'] }
    const node = tls as { getCACertificates?: (kind: string) => string[] }
    const before = node.getCACertificates
    node.getCACertificates = (kind) => known[kind] ?? []
    try {
      const options = {
        url: 'https://x',
        caCert: ca,
        extraCaCerts: elsewhere.cert,
        redactor: createRedactor(),
      }
      expect(tlsOptionsFor(options).ca).toEqual(['a', 'b', ca.trim(), 'c', elsewhere.cert.trim()])
    } finally {
      if (before) node.getCACertificates = before
      else delete node.getCACertificates
    }
  })

  function secure(who: 'localhost' | 'elsewhere' | 'expired', more = {}): Promise<ScriptedServer> {
    return server(() => ({ status: 200, headers: NEXUS, body: { ok: 1 } }), {
      tls: { ...certificates()[who], ...more },
    })
  }

  it('with an own authority', async () => {
    const target = await secure('localhost')
    const { nexus } = client(target.url, { caCert: `# our authority\n${certificates().ca}` })
    expect(await get(nexus, '/x')).toEqual({ ok: 1 })
  })

  it('with any certificate, when told so', async () => {
    expect(await get(client((await secure('expired')).url, { insecure: true }).nexus, '/x')).toEqual({
      ok: 1,
    })
  })

  const FAULTS: [
    name: string,
    who: 'localhost' | 'elsewhere' | 'expired',
    trusted: boolean,
    says: string,
    hint: string,
  ][] = [
    [
      'an unknown authority',
      'localhost',
      false,
      'is not signed by an authority that this machine trusts',
      '--ca-cert',
    ],
    [
      'another host name',
      'elsewhere',
      true,
      'is for another host name (ERR_TLS_CERT_ALTNAME_INVALID)',
      'host name',
    ],
    ['a certificate of the past', 'expired', true, 'has expired (CERT_HAS_EXPIRED)', 'Renew'],
  ]
  for (const [name, who, trusted, says, hint] of FAULTS) {
    it(`refuses ${name}, once, and a POST for certain has not been sent`, async () => {
      const target = await secure(who)
      const { nexus, waits } = client(target.url, trusted ? { caCert: certificates().ca } : {})
      const error = await failure(nexus.request({ method: 'POST', path: '/x', what: 'create x' }))
      expect(error).toMatchObject({ code: 'certificate-not-trusted', exitCode: 4 })
      expect(error.message).toContain(`cannot create x: the certificate of ${target.url} ${says}`)
      expect(error.hint).toContain(hint)
      expect(target.received).toHaveLength(0)
      expect(waits).toEqual([])
    })
  }

  it('calls a self-signed certificate that', async () => {
    const target = await server(() => ({ status: 200 }), { tls: certificates().selfSigned })
    const error = await failure(get(client(target.url).nexus, '/x'))
    expect(error.code).toBe('certificate-not-trusted')
    expect(error.message).toContain('is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)')
  })

  describe('with a client certificate', () => {
    const asked = (all: Certificates) => ({ ca: all.ca, requestCert: true, rejectUnauthorized: true })

    it('is let in', async () => {
      const all = certificates()
      const target = await secure('localhost', asked(all))
      const { nexus } = client(target.url, {
        caCert: all.ca,
        clientCert: all.client.cert,
        clientKey: all.client.key,
      })
      expect(await get(nexus, '/x')).toEqual({ ok: 1 })
    })

    it('is asked for where it is missing', async () => {
      const all = certificates()
      const target = await secure('localhost', asked(all))
      const error = await failure(get(client(target.url, { caCert: all.ca, retries: 0 }).nexus, '/x'))
      expect(error).toMatchObject({ code: 'tls-failed', exitCode: 4 })
      expect(error.hint).toContain('--client-cert')
    })

    it('is checked before it is used', async () => {
      const all = certificates()
      const locked = createPrivateKey(all.client.key)
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString()
      for (const [options, code, says] of [
        [
          { clientCert: all.client.cert, clientKey: all.localhost.key },
          'invalid-client-key',
          'does not belong',
        ],
        [{ clientCert: all.client.cert, clientKey: 'canary' }, 'invalid-client-key', 'not a PEM private key'],
        [{ clientCert: all.client.cert, clientKey: locked }, 'invalid-client-key', 'has a passphrase'],
      ] satisfies [Partial<ConnectionOptions>, string, string][]) {
        const error = await failure(Promise.resolve().then(() => client('https://x', options)))
        expect(error).toMatchObject({ code, exitCode: 3 })
        expect(error.message).toContain(says)
      }
    })
  })

  it('is missed on a port that has it, and found on a port that has not', async () => {
    const target = await secure('localhost')
    const plain = await failure(get(client(target.url.replace('https:', 'http:')).nexus, '/x'))
    expect(['wrong-scheme', 'connection-reset']).toContain(plain.code)
    expect(`${plain.message} ${plain.hint ?? ''}`).toContain('https')
    const other = await server(() => ({ status: 200 }))
    const error = await failure(get(client(other.url.replace('http:', 'https:')).nexus, '/x'))
    expect(error).toMatchObject({
      code: 'wrong-scheme',
      exitCode: 4,
      hint: `Use ${other.url}, or the port that uses TLS.`,
    })
  })
})

describe('a port that is not HTTP', () => {
  async function listen(greet: (socket: net.Socket) => void): Promise<string> {
    const tcp = net.createServer(greet)
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void tcp.close())
    return `http://127.0.0.1:${(tcp.address() as AddressInfo).port}`
  }

  it('is said: SSH', async () => {
    const url = await listen(
      (socket) => void socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.6\r\n'),
    )
    const error = await failure(get(client(url).nexus, '/x'))
    expect(error).toMatchObject({ code: 'not-http', exitCode: 4 })
  })

  it('is said: a TLS alert', async () => {
    const url = await listen(
      (socket) => void socket.on('error', () => undefined).end(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46])),
    )
    const error = await failure(get(client(url).nexus, '/x'))
    expect(error).toMatchObject({ code: 'wrong-scheme', hint: `Use ${url.replace('http:', 'https:')}` })
  })

  it('is said: no name', async () => {
    const error = await failure(get(client('http://no-such-host.invalid:8081').nexus, '/x'))
    expect(error).toMatchObject({ code: 'host-not-found', exitCode: 4 })
    expect(error.message).toContain('no-such-host.invalid')
  })
})
