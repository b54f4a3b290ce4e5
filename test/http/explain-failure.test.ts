import { describe, expect, it } from 'vitest'
import { explainFailure, type FailureSituation } from '../../src/http/explain-failure.ts'
import { type FailureKind, failureOf } from '../../src/http/failure.ts'
import { LostAnswerError } from '../../src/nexus/client.ts'
import { NEXUS } from '../../src/nexus/identity.ts'
import { likelyPrivilege } from '../../src/nexus/sign-in/permissions.ts'

const SITUATION: FailureSituation & { request: { method: 'POST' } } = {
  request: { method: 'POST', path: '/x', what: 'create x' },
  base: 'https://nexus.corp/nexus',
  maxAnswerBytes: 1024,
  timeoutMs: 30_000,
  proxy: undefined,
  service: NEXUS,
}
const PROXY = { host: 'proxy.corp', port: 3128, variable: 'HTTPS_PROXY' }

const EARLY = { connect: 5 }
const CONNECTED = { connect: 5, secureConnect: 9 }

/** What Node, OpenSSL and got report, what it is, and whether the server may have got the request. */
const ERRORS: [error: object, kind: FailureKind, maybeSent: boolean, says: string][] = [
  [
    { code: 'ECONNREFUSED' },
    'refused',
    false,
    'nothing is listening at https://nexus.corp/nexus (connection refused)',
  ],
  [{ code: 'ENOTFOUND' }, 'name-not-found', false, 'there is no host named nexus.corp'],
  [{ code: 'EAI_AGAIN' }, 'name-lookup-failed', false, 'DNS does not answer for nexus.corp'],
  [
    { code: 'EHOSTUNREACH' },
    'unreachable',
    false,
    'there is no route to https://nexus.corp/nexus (EHOSTUNREACH)',
  ],
  [
    { code: 'ENETUNREACH' },
    'unreachable',
    false,
    'there is no route to https://nexus.corp/nexus (ENETUNREACH)',
  ],
  [
    { code: 'CERT_NOT_YET_VALID' },
    'certificate',
    false,
    'the certificate of https://nexus.corp/nexus is not valid yet (CERT_NOT_YET_VALID)',
  ],
  [
    { code: 'SELF_SIGNED_CERT_IN_CHAIN' },
    'certificate',
    false,
    'is not signed by an authority that this machine trusts',
  ],
  [
    { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    'certificate',
    false,
    'is not signed by an authority that this machine trusts',
  ],
  [
    { code: 'EPROTO', message: 'ssl3_get_record:wrong version number' },
    'plain-http-on-tls-url',
    false,
    'speaks plain HTTP, not TLS',
  ],
  [
    { code: 'EPROTO', message: 'unsupported protocol', timings: EARLY },
    'tls',
    false,
    'no TLS connection to https://nexus.corp/nexus (EPROTO)',
  ],
  [
    { code: 'ETIMEDOUT', timings: EARLY },
    'timeout',
    false,
    'no connection to https://nexus.corp/nexus within 30 s',
  ],
  [
    { code: 'ETIMEDOUT', timings: CONNECTED },
    'timeout',
    true,
    'no answer from https://nexus.corp/nexus within 30 s',
  ],
  [{ code: 'ECONNRESET', timings: EARLY }, 'reset', false, 'closed the connection without an answer'],
  [{ code: 'ECONNRESET', timings: CONNECTED }, 'reset', true, 'closed the connection without an answer'],
  [{ code: 'EPIPE', timings: CONNECTED }, 'reset', true, 'closed the connection without an answer'],
  [
    { code: 'HPE_INVALID_CONSTANT', timings: CONNECTED },
    'garbage',
    true,
    'is not valid HTTP (HPE_INVALID_CONSTANT)',
  ],
  [{ code: 'ESOMETHING', timings: CONNECTED }, 'other', true, 'failed (ESOMETHING)'],
  [{}, 'other', true, 'failed (UNKNOWN)'],
]

describe('a request without an answer', () => {
  for (const [error, kind, maybeSent, says] of ERRORS) {
    it(`${JSON.stringify(error)}: ${kind}`, () => {
      const failure = failureOf(error, true)
      expect(failure).toMatchObject({ kind, maybeSent })
      const explained = explainFailure(failure, SITUATION)
      expect(explained.message).toContain('cannot create x: ')
      expect(explained.message).toContain(says)
      expect(explained.exitCode).toBe(4)
      expect(explained instanceof LostAnswerError).toBe(maybeSent)
      const reading = explainFailure(failure, { ...SITUATION, request: { method: 'GET', path: '/x' } })
      expect(reading.message).toContain(`GET /x failed: `)
      expect(reading).not.toBeInstanceOf(LostAnswerError)
    })
  }

  for (const [code, says, hint] of [
    [
      'ECONNREFUSED',
      'nothing is listening at proxy.corp:3128 (the HTTP proxy from HTTPS_PROXY)',
      'HTTPS_PROXY',
    ],
    ['ENOTFOUND', 'there is no host named proxy.corp (the HTTP proxy)', 'The name comes from HTTPS_PROXY.'],
    ['ETIMEDOUT', 'proxy.corp:3128 (the HTTP proxy from HTTPS_PROXY)', 'firewall'],
  ] as const) {
    it(`names the proxy it was sent to: ${code}`, () => {
      const explained = explainFailure(failureOf({ code, timings: {} }, true), { ...SITUATION, proxy: PROXY })
      expect(explained.message).toContain(says)
      expect(explained.hint).toContain(hint)
    })
  }
})

it('the privilege that is probably missing, by address and method', () => {
  for (const [method, path, privilege] of [
    ['GET', '/service/rest/v1/repositorySettings', 'nx-repository-admin-*-*-read'],
    ['PUT', '/service/rest/v1/repositories/docker/hosted/a', 'nx-repository-admin-*-*-edit'],
    ['DELETE', '/service/rest/v1/repositories/a', 'nx-repository-admin-*-*-delete'],
    ['POST', '/service/rest/v1/blobstores/file', 'nx-blobstores-create'],
    ['PUT', '/service/rest/v1/security/realms/active', 'nx-settings-update'],
    ['GET', '/service/rest/v1/security/anonymous', 'nx-settings-read'],
    ['PUT', '/service/rest/v1/http', 'nx-settings-update'],
    ['PUT', '/service/rest/v1/security/users/a/change-password', 'nx-all'],
    ['PUT', '/service/rest/v1/security/users/a', 'nx-users-update'],
    ['POST', '/service/rest/v1/security/roles', 'nx-roles-create'],
    ['POST', '/service/rest/v1/security/privileges/wildcard', 'nx-privileges-create'],
    ['DELETE', '/service/rest/v1/security/content-selectors/a', 'nx-selectors-delete'],
    ['GET', '/service/rest/v1/security/ssl/truststore', 'nx-ssl-truststore-read'],
    ['GET', '/service/rest/v1/status/check', 'nx-metrics-all'],
    ['POST', '/service/rest/v1/routing-rules', 'nx-all'],
    ['GET', '/service/rest/internal/cleanup-policies', 'nx-all'],
    ['GET', '/elsewhere', undefined],
  ] as const) {
    expect([method, path, likelyPrivilege(method, path)]).toEqual([method, path, privilege])
  }
})
