import { checkServerIdentity, type PeerCertificate } from 'node:tls'

/**
 * Checks the name of a certificate as Go does, which Docker, containerd and podman are written in: it has to be a subjectAltName, the Common
 * Name does not count (Go 1.15, crypto/x509), and `*` stands for a whole label. An error is as that of Node.
 */
export function checkIdentityAsGo(host: string, certificate: PeerCertificate): Error | undefined {
  const names = (certificate.subjectaltname ?? '').split(', ')
  const counted = names.filter((name) => !/^DNS:(?!\*\.[^*]*$).*\*/.test(name))
  const subject = { ...certificate.subject, CN: '' }
  return checkServerIdentity(host, { ...certificate, subject, subjectaltname: counted.join(', ') })
}
