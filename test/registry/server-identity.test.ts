// The names of certificates as Go has them: x509.Certificate.VerifyHostname.
import type { PeerCertificate } from 'node:tls'
import { expect, it } from 'vitest'
import { checkIdentityAsGo } from '../../src/registry/server-identity.ts'

it.each([
  ['registry.example.com', 'DNS:registry.example.com', true],
  ['registry.example.com', 'DNS:other.example.com, DNS:registry.example.com', true],
  ['registry.example.com', 'DNS:*.example.com', true],
  ['10.0.0.1', 'IP Address:10.0.0.1', true],
  ['registry.example.com', undefined, false],
  ['registry.example.com', 'email:a@example.com', false],
  ['registry.example.com', 'DNS:r*.example.com', false],
  ['registry.example.com', 'DNS:*y.example.com', false],
  ['registry.example.com', 'DNS:r*.example.com, DNS:registry.example.com', true],
  ['a.registry.example.com', 'DNS:*.example.com', false],
])('%s with %s: %s', (host, subjectaltname, isRight) => {
  const certificate = { subject: { CN: host }, subjectaltname } as unknown as PeerCertificate
  expect(checkIdentityAsGo(host, certificate) === undefined).toBe(isRight)
})
