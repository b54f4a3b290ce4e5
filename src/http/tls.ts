import { createPrivateKey, X509Certificate } from 'node:crypto'
import tls, { createSecureContext, rootCertificates, type SecureContextOptions } from 'node:tls'
import { UserError } from '../core/errors.ts'
import type { TransportOptions } from './options.ts'

export type TlsOptions = SecureContextOptions & {
  rejectUnauthorized: boolean
  checkServerIdentity?: TransportOptions['checkServerIdentity']
}

/** Node 22.15 and later tell which certificates they trust. */
interface Tls {
  getCACertificates?: (kind: 'default' | 'system') => string[]
}

/**
 * TLS options for an agent. An own authority is trusted besides the usual ones, so that a URL may move from one to the other: Node's own,
 * those of NODE_EXTRA_CA_CERTS, and those of the system where Node can tell them.
 * Throws `invalid-ca-cert`, `invalid-client-cert`, `invalid-client-key`, each with exit code 3.
 */
export function tlsOptionsFor(options: TransportOptions): TlsOptions {
  const { checkServerIdentity } = options
  const tlsOptions: TlsOptions = {
    rejectUnauthorized: options.insecure !== true,
    ...(checkServerIdentity && { checkServerIdentity }),
  }
  if (options.caCert !== undefined)
    tlsOptions.ca = [
      ...new Set([...usualAuthorities(options), ...certificatesIn(options.caCert, 'CA certificate')]),
    ]
  if (options.clientCert === undefined && options.clientKey === undefined) return tlsOptions
  if (options.clientCert === undefined || options.clientKey === undefined) {
    throw invalid('client-cert', 'a client certificate needs its key, and the key its certificate')
  }
  certificatesIn(options.clientCert, 'client certificate')
  assertKey(options.clientKey)
  tlsOptions.cert = options.clientCert
  tlsOptions.key = options.clientKey
  try {
    createSecureContext(tlsOptions)
  } catch {
    throw invalid('client-key', 'the client key does not belong to the client certificate')
  }
  return tlsOptions
}

function usualAuthorities({ extraCaCerts }: TransportOptions): string[] {
  const { getCACertificates } = tls as Tls
  const known = getCACertificates
    ? [...getCACertificates('default'), ...getCACertificates('system')]
    : rootCertificates
  // Node itself passes over what is damaged there, and warns of it.
  return [...known, ...blocksOf(extraCaCerts ?? '').filter(isCertificate)]
}

function blocksOf(pem: string): string[] {
  return pem
    .split(/(?=-----BEGIN )/)
    .flatMap(
      (block) => /^-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END [\w ]+-----/.exec(block) ?? [],
    )
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

function certificatesIn(pem: string, what: 'CA certificate' | 'client certificate'): string[] {
  const code = what === 'CA certificate' ? 'ca-cert' : 'client-cert'
  const certificates = blocksOf(pem)
  if (certificates.length === 0)
    throw invalid(code, `the ${what} is not PEM text (-----BEGIN CERTIFICATE-----)`)
  if (!certificates.every(isCertificate))
    throw invalid(code, `the ${what} cannot be read: it is cut off or damaged`)
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
      locked ? 'Remove it with: openssl pkey -in client.key -out client-plain.key' : undefined,
    )
  }
}

function invalid(what: string, message: string, hint?: string): UserError {
  return new UserError(`invalid-${what}`, message, { hint, exitCode: 3 })
}
