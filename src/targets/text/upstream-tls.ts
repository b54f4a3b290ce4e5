import type { Edge } from '../../edge/edge.ts'
import { isAddress } from '../../edge/origin.ts'
import { notExpressible } from '../not-expressible.ts'

/** Where Debian, Ubuntu and Alpine keep all certificates that the system trusts. Red Hat: /etc/pki/tls/certs/ca-bundle.crt. */
export const systemCertificates = '/etc/ssl/certs/ca-certificates.crt'

/**
 * The name that the certificate of Nexus has to have; undefined where no back end has TLS. Throws `not-expressible` for an address: nginx
 * and HAProxy compare names alone.
 */
export function upstreamName({ backEnds }: Edge, front: string): string | undefined {
  const host = backEnds.find(({ tls }) => tls)?.host
  if (host === undefined || !isAddress(host)) return host
  throw notExpressible(
    `${front} cannot check the certificate of a Nexus at ${host}: it compares names, not addresses`,
    'Write edge.upstream with the name that the certificate has.',
  )
}

/** What the reader has to do for a back end with TLS. */
export function upstreamNotes({ backEnds }: Edge): string[] {
  const isEncrypted = backEnds.some(({ tls }) => tls)
  return isEncrypted ? ['The certificate of Nexus has to come from a CA that the system trusts.'] : []
}
