import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext, rootCertificates, type SecureContextOptions } from 'node:tls'
import { UserError } from '../core/errors.ts'
import type { ConnectionOptions } from './connection.ts'

export interface TlsOptions extends SecureContextOptions {
  rejectUnauthorized: boolean
}

/**
 * TLS options for an agent. An own authority is trusted besides the usual ones, so that a URL may move from one to the other.
 * Throws `invalid-ca-cert`, `invalid-client-cert`, `invalid-client-key`, each with exit code 3.
 */
export function tlsOptionsFor(options: ConnectionOptions): TlsOptions {
  const tls: TlsOptions = { rejectUnauthorized: options.insecure !== true }
  if (options.caCert !== undefined)
    tls.ca = [...rootCertificates, ...certificatesIn(options.caCert, 'CA certificate')]
  if (options.clientCert === undefined && options.clientKey === undefined) return tls
  if (options.clientCert === undefined || options.clientKey === undefined) {
    throw invalid('client-cert', 'a client certificate needs its key, and the key its certificate')
  }
  certificatesIn(options.clientCert, 'client certificate')
  assertKey(options.clientKey)
  tls.cert = options.clientCert
  tls.key = options.clientKey
  try {
    createSecureContext(tls)
  } catch {
    throw invalid('client-key', 'the client key does not belong to the client certificate')
  }
  return tls
}

function certificatesIn(pem: string, what: 'CA certificate' | 'client certificate'): string[] {
  const code = what === 'CA certificate' ? 'ca-cert' : 'client-cert'
  const certificates =
    pem.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END [\w ]*-----/g) ?? []
  if (certificates.length === 0)
    throw invalid(code, `the ${what} is not PEM text (-----BEGIN CERTIFICATE-----)`)
  for (const certificate of certificates) {
    try {
      new X509Certificate(certificate)
    } catch {
      throw invalid(code, `the ${what} cannot be read: it is cut off or damaged`)
    }
  }
  return certificates
}

function assertKey(pem: string): void {
  try {
    createPrivateKey(pem)
  } catch {
    const locked = pem.includes('ENCRYPTED')
    throw invalid(
      'client-key',
      locked ? 'the client key has a passphrase' : 'the client key is not a PEM private key',
      {
        hint: locked ? 'Remove it with: openssl pkey -in client.key -out client-plain.key' : undefined,
      },
    )
  }
}

function invalid(what: string, message: string, { hint }: { hint?: string | undefined } = {}): UserError {
  return new UserError(`invalid-${what}`, message, { ...(hint !== undefined && { hint }), exitCode: 3 })
}
