import { describe, expect, it } from 'vitest'
import type { Answer } from '../../../src/http/message.ts'
import type { Situation } from '../../../src/nexus/errors/answer-case.ts'
import { explainAnswer } from '../../../src/nexus/errors/explain.ts'

const SITUATION: Situation = {
  request: {
    method: 'POST',
    path: '/service/rest/v1/repositories/docker/hosted',
    what: 'create repository "apps"',
  },
  base: 'http://nexus:8081',
  username: 'ci',
  server: { version: '3.90.0', edition: 'community', header: 'Nexus/3.90.0-01 (COMMUNITY)' },
}
const STRANGER: Partial<Situation> = { server: undefined as never }
const FIRST: Situation['request'] = { ...SITUATION.request, method: 'GET' }
const JSON_TYPE = { 'content-type': 'application/json' }
const HTML = { 'content-type': 'text/html' }
const NEXUS = { server: 'Nexus/3.90.0-01 (COMMUNITY)' }

interface Example {
  name: string
  answer: Partial<Answer>
  situation?: Partial<Situation>
  code: string
  exitCode: number
  says: string
  hint?: string | RegExp
}

const EXAMPLES: Example[] = [
  {
    name: 'E1',
    answer: {
      status: 400,
      headers: { ...NEXUS, ...JSON_TYPE },
      text: '[{"id":"PARAMETER name","message":"must not be null"},{"id":"PARAMETER online","message":"must not be null"}]',
    },
    code: 'refused',
    exitCode: 1,
    says: 'name, online: must not be null',
  },
  {
    name: 'E2',
    answer: {
      status: 400,
      headers: NEXUS,
      text: '[{"id":"HelperBean.attributes.docker.httpPort","message":"Port is in use."}]',
    },
    code: 'refused',
    exitCode: 1,
    says: 'docker.httpPort: Port is in use',
  },
  {
    name: 'E4',
    answer: { status: 400, headers: NEXUS, text: '{"id":"*","message":"\\"Blob store not found\\""}' },
    code: 'refused',
    exitCode: 1,
    says: 'Blob store not found',
  },
  {
    name: 'an empty list',
    answer: { status: 400, headers: NEXUS, text: '[]' },
    code: 'refused',
    exitCode: 1,
    says: 'the server refuses the request without saying why (400)',
  },
  {
    name: 'frozen (SQL)',
    answer: {
      status: 400,
      headers: NEXUS,
      text: '{"id":"*","message":"\\"INSERT is not allowed while the application is frozen\\""}',
    },
    code: 'refused',
    exitCode: 1,
    says: 'INSERT is not allowed while the application is frozen',
    hint: /read-only\/release/,
  },
  {
    name: 'frozen (E10)',
    answer: {
      status: 503,
      headers: { ...NEXUS, 'x-siesta-faultid': 'f1' },
      text: 'Nexus Repository Manager is in read-only mode: (ID f1)',
    },
    code: 'read-only',
    exitCode: 4,
    says: 'the server is in read-only mode (frozen)',
    hint: /read-only\/release/,
  },
  {
    name: '401',
    answer: {
      status: 401,
      headers: { ...NEXUS, 'www-authenticate': 'BASIC realm="Sonatype Nexus Repository Manager"' },
    },
    code: 'not-authenticated',
    exitCode: 4,
    says: 'the server does not accept the password of user "ci" (or there is no such active user)',
    hint: /tried once/,
  },
  {
    name: '401, Server header removed',
    answer: {
      status: 401,
      headers: { 'www-authenticate': 'BASIC realm="Sonatype Nexus Repository Manager"' },
    },
    code: 'not-authenticated',
    exitCode: 4,
    says: 'the server does not accept the password of user "ci" (or there is no such active user)',
  },
  {
    name: '401 without credentials',
    answer: { status: 401, headers: NEXUS },
    situation: { username: undefined as never },
    code: 'not-authenticated',
    exitCode: 4,
    says: 'the server asks for a sign-in',
    hint: /user name and a password/,
  },
  {
    name: '401 of a proxy in front',
    answer: { status: 401, headers: { 'www-authenticate': 'Basic realm="Intranet"', server: 'nginx' } },
    code: 'front-authentication',
    exitCode: 4,
    says: 'something in front of the server asks for a sign-in of its own (realm "Intranet")',
  },
  {
    name: '403',
    answer: { status: 403, headers: { ...NEXUS, 'x-siesta-faultid': 'f' } },
    code: 'forbidden',
    exitCode: 4,
    says: 'user "ci" is not allowed to do this',
    hint: 'The user needs the privilege nx-repository-admin-*-*-add (or nx-all).',
  },
  {
    name: '403 on blob stores',
    answer: { status: 403, headers: NEXUS },
    situation: { request: { method: 'PUT', path: '/service/rest/v1/blobstores/file/x' } },
    code: 'forbidden',
    exitCode: 4,
    says: 'user "ci" is not allowed to do this',
    hint: /nx-blobstores-update/,
  },
  {
    name: '403 without credentials',
    answer: { status: 403, headers: NEXUS },
    situation: { username: undefined as never },
    code: 'forbidden',
    exitCode: 4,
    says: 'a request without credentials is not allowed to do this',
    hint: /user name and a password/,
  },
  {
    name: '403 EULA',
    answer: {
      status: 403,
      headers: { ...NEXUS, ...JSON_TYPE },
      text: '{"id":"*","message":"\\"EULA is not accepted\\""}',
    },
    code: 'eula-not-accepted',
    exitCode: 4,
    says: "the server's licence agreement (EULA) has not been accepted yet",
    hint: /bootstrap: {acceptEula: true}/,
  },
  {
    name: '403 of a firewall',
    answer: { status: 403, headers: HTML, text: '<html><title>403 Forbidden</title></html>' },
    code: 'front-refused',
    exitCode: 4,
    says: 'something in front of the server refuses it (403 Forbidden)',
  },
  {
    name: '402',
    answer: { status: 402, headers: NEXUS, text: 'License expired' },
    code: 'licence-required',
    exitCode: 1,
    says: "the server's licence does not cover it (License expired)",
  },
  {
    name: '404 with a reason',
    answer: { status: 404, headers: NEXUS, text: '{"id":"*","message":"\\"Repository not found\\""}' },
    code: 'not-found',
    exitCode: 1,
    situation: {
      request: {
        method: 'GET',
        path: '/service/rest/v1/repositories/docker/hosted/apps',
        what: 'create repository "apps"',
      },
    },
    says: 'Repository not found',
    hint: /may not see/,
  },
  {
    name: "404, Nexus's own page",
    answer: {
      status: 404,
      headers: { ...HTML, ...NEXUS },
      text: '<title>404 - Sonatype Nexus Repository</title>',
    },
    code: 'not-found',
    exitCode: 1,
    says: '404 - Sonatype Nexus Repository',
    hint: 'none',
  },
  {
    name: '404 of the first read, below a path',
    answer: { status: 404, headers: NEXUS },
    situation: { base: 'http://nexus:8081/nexus', request: FIRST, unproven: true },
    code: 'url-path',
    exitCode: 4,
    says: 'Nexus has no API below http://nexus:8081/nexus: it is not under "/nexus"',
    hint: /--url http:\/\/nexus:8081, or/,
  },
  {
    name: '404 of the first read, at the root',
    answer: { status: 404, headers: NEXUS },
    situation: { request: FIRST, unproven: true },
    code: 'url-path',
    exitCode: 4,
    says: 'Nexus has no API below http://nexus:8081 (404)',
    hint: /host\/nexus/,
  },
  {
    name: '404 of the first read, of a server without the stable API',
    answer: { status: 404, headers: { server: 'Nexus/3.20.0-04 (OSS)' } },
    situation: { request: FIRST, unproven: true, server: { version: '3.20.0', edition: 'oss' } },
    code: 'not-found',
    exitCode: 1,
    says: 'the server does not have it, or does not offer this at all',
  },
  {
    name: '404 of the first read, behind nginx, which puts its own name into the answer',
    answer: {
      status: 404,
      headers: { ...HTML, server: 'nginx' },
      text: '<title>404 - Nexus Repository Manager</title>',
    },
    situation: { ...STRANGER, base: 'http://nexus:8081/a/repository/hub', request: FIRST, unproven: true },
    code: 'url-path',
    exitCode: 4,
    says: 'Nexus has no API below http://nexus:8081/a/repository/hub: "/repository/hub" does not belong in the URL',
    hint: /--url http:\/\/nexus:8081\/a /,
  },
  {
    name: '404 of another product, with a part that is too much',
    answer: { status: 404, headers: { server: 'Apache' }, text: 'no' },
    situation: { ...STRANGER, base: 'http://nexus:8081/service/rest', request: FIRST, unproven: true },
    code: 'not-nexus',
    exitCode: 4,
    says: 'http://nexus:8081/service/rest does not lead to Nexus (404, "no")',
    hint: /"\/service\/rest" .*--url http:\/\/nexus:8081\./,
  },
  {
    name: '401 below a path that looks like one of Nexus: perhaps the password',
    answer: { status: 401, headers: NEXUS },
    situation: { base: 'http://nexus:8081/repository/hub', request: FIRST, unproven: true },
    code: 'not-authenticated',
    exitCode: 4,
    says: 'the server does not accept the password of user "ci" (or there is no such active user)',
  },
  {
    name: 'a connector port, which answers other things than /v2/',
    answer: { status: 400, headers: HTML, text: '<title>Error 400 Not a Docker request</title>' },
    code: 'registry-port',
    exitCode: 4,
    says: "http://nexus:8081 is a Docker registry, not the server's own address",
    hint: /8081/,
  },
  {
    name: '404 empty, PUT, 3.41–3.56',
    answer: { status: 404, headers: { server: 'Nexus/3.50.0-01 (OSS)' } },
    situation: {
      request: { ...SITUATION.request, method: 'PUT' },
      server: { version: '3.50.0', edition: 'oss' },
    },
    code: 'refused-without-reason',
    exitCode: 1,
    says: 'the server refuses the configuration and does not say why',
    hint: /3\.50\.0 answers 404/,
  },
  {
    name: '404 empty, PUT, 3.57',
    answer: { status: 404, headers: { server: 'Nexus/3.57.0-01 (OSS)' } },
    situation: {
      request: { ...SITUATION.request, method: 'PUT' },
      server: { version: '3.57.0', edition: 'oss' },
    },
    code: 'not-found',
    exitCode: 1,
    says: 'the server does not have it, or does not offer this at all',
  },
  {
    name: '404 outside the context path (Jetty)',
    answer: {
      status: 404,
      headers: { ...JSON_TYPE, server: 'Jetty(12.0.1)' },
      text: '{"message":"Not Found","url":"/x","status":"404"}',
    },
    situation: STRANGER,
    code: 'not-nexus',
    exitCode: 4,
    says: 'http://nexus:8081 does not lead to Nexus (404, "Not Found")',
    hint: /host\/nexus/,
  },
  {
    name: '404 of another product',
    answer: { status: 404, headers: { server: 'Apache' }, text: '{"error":"no such thing"}' },
    situation: STRANGER,
    code: 'not-nexus',
    exitCode: 4,
    says: 'http://nexus:8081 does not lead to Nexus (404, "no such thing")',
  },
  {
    name: '405',
    answer: { status: 405, headers: { ...NEXUS, 'x-siesta-faultid': 'f' } },
    code: 'not-offered',
    exitCode: 1,
    says: 'this server does not offer it',
    hint: /edition/,
  },
  {
    name: '405 of a proxy',
    answer: { status: 405, headers: HTML, text: '<title>405</title>' },
    code: 'not-offered',
    exitCode: 1,
    says: 'POST is not allowed there',
    hint: /proxy/,
  },
  {
    name: '406',
    answer: { status: 406, headers: NEXUS },
    code: 'content-type-refused',
    exitCode: 1,
    says: 'the server does not accept the Accept header of the request',
  },
  {
    name: '415',
    answer: { status: 415, headers: NEXUS },
    code: 'content-type-refused',
    exitCode: 1,
    says: 'the server does not accept the Content-Type header of the request',
  },
  {
    name: '407',
    answer: { status: 407 },
    code: 'proxy-authentication',
    exitCode: 4,
    says: 'the HTTP proxy of this machine asks for a user name and a password',
    hint: /HTTPS_PROXY/,
  },
  {
    name: '409',
    answer: { status: 409, headers: NEXUS, text: '{"id":"*","message":"\\"It does not match\\""}' },
    code: 'conflict',
    exitCode: 1,
    says: 'It does not match',
  },
  {
    name: '413',
    answer: { status: 413, headers: HTML, text: '<title>413</title>' },
    code: 'too-large',
    exitCode: 1,
    says: 'the request is too large for what is in front of the server',
    hint: /client_max_body_size/,
  },
  {
    name: '422',
    answer: { status: 422, headers: NEXUS, text: '[{"id":"PARAMETER name","message":"no"}]' },
    code: 'refused',
    exitCode: 1,
    says: 'name: no',
  },
  {
    name: '429 of something in front',
    answer: {
      status: 429,
      headers: { ...HTML, 'retry-after': '40' },
      text: '<title>429 Too Many Requests</title>',
    },
    code: 'too-many-requests',
    exitCode: 4,
    says: 'too many requests: the server asks to wait 40 s',
  },
  {
    name: '429 of 3.96',
    answer: {
      status: 429,
      headers: { ...HTML, ...NEXUS, 'retry-after': '30' },
      text: 'Too many authentication attempts',
    },
    code: 'sign-in-limit',
    exitCode: 4,
    says: 'the server has locked user "ci" after too many failed sign-ins; even the right password is refused',
    hint: /15 minutes/,
  },
  {
    name: '500 E9',
    answer: {
      status: 500,
      headers: { ...NEXUS, 'content-type': 'text/plain' },
      text: 'ERROR: (ID ab-1) java.lang.NullPointerException: x',
    },
    code: 'server-error',
    exitCode: 1,
    says: 'server error: java.lang.NullPointerException: x (fault ab-1)',
    hint: /ab-1.*nexus\.log/,
  },
  {
    name: '500 empty (3.95)',
    answer: { status: 500, headers: { ...NEXUS, 'validation-exception': 'true' } },
    code: 'server-error',
    exitCode: 1,
    says: 'server error: the server answered 500 Internal Server Error',
    hint: /log/,
  },
  {
    name: '500 HTML of ExtDirect',
    answer: { status: 500, headers: { ...NEXUS, ...HTML }, text: '<title>500 - Sonatype</title>' },
    code: 'server-error',
    exitCode: 1,
    says: 'server error: 500 - Sonatype',
  },
  {
    name: '503 stopping',
    answer: { status: 503, headers: { server: 'Jetty(9.4.53)' } },
    code: 'stopping',
    exitCode: 4,
    says: 'the server is stopping',
    hint: /--wait/,
  },
  {
    name: '503 while sign-ins cannot be checked',
    answer: { status: 503, headers: { ...NEXUS, 'retry-after': '60' } },
    code: 'unavailable',
    exitCode: 4,
    says: 'the server cannot take the request at the moment and asks to wait 60 s',
  },
  {
    name: '502 HTML',
    answer: { status: 502, headers: { ...HTML, server: 'nginx' }, text: '<title>502 Bad Gateway</title>' },
    code: 'bad-gateway',
    exitCode: 4,
    says: 'Nexus is not reachable through what is in front of it (502 Bad Gateway)',
    hint: /--wait/,
  },
  {
    name: '503 text of Traefik',
    answer: { status: 503, headers: { 'content-type': 'text/plain' }, text: 'no available server' },
    code: 'bad-gateway',
    exitCode: 4,
    says: 'Nexus is not reachable through what is in front of it (503 Service Unavailable)',
  },
  {
    name: '504',
    answer: { status: 504, headers: HTML, text: '<title>504 Gateway Time-out</title>' },
    code: 'bad-gateway',
    exitCode: 4,
    says: 'Nexus is not reachable through what is in front of it (504 Gateway Time-out)',
  },
  {
    name: 'the web interface',
    answer: { status: 200, headers: { ...HTML, ...NEXUS }, text: '<title>Nexus Repository</title>' },
    code: 'html-answer',
    exitCode: 4,
    says: 'http://nexus:8081 answered with a web page ("Nexus Repository")',
    hint: /web interface/,
  },
  {
    name: 'another web site',
    answer: { status: 200, headers: HTML, text: '<title>Grafana</title>' },
    situation: STRANGER,
    code: 'html-answer',
    exitCode: 4,
    says: 'http://nexus:8081 answered with a web page ("Grafana")',
    hint: /Another product/,
  },
  {
    name: 'a connector port',
    answer: { status: 404, headers: { 'docker-distribution-api-version': 'registry/2.0' }, text: '{}' },
    code: 'registry-port',
    exitCode: 4,
    says: "http://nexus:8081 is a Docker registry, not the server's own address",
    hint: /8081/,
  },
  {
    name: 'http on an https port (nginx)',
    answer: {
      status: 400,
      headers: HTML,
      text: '<title>400 The plain HTTP request was sent to HTTPS port</title>',
    },
    code: 'front-refused',
    exitCode: 4,
    says: 'something in front of the server refuses it (400 The plain HTTP request was sent to HTTPS port)',
    hint: 'Use https: https://nexus:8081',
  },
  {
    name: 'a client certificate wanted (nginx)',
    answer: { status: 400, headers: HTML, text: '<title>400 No required SSL certificate was sent</title>' },
    code: 'front-refused',
    exitCode: 4,
    says: 'something in front of the server refuses it (400 No required SSL certificate was sent)',
    hint: /--client-cert/,
  },
  {
    name: '304',
    answer: { status: 304 },
    code: 'unexpected-answer',
    exitCode: 4,
    says: 'the server answered 304 Not Modified',
  },
]

describe('an answer that is no success', () => {
  for (const { name, answer, situation, code, exitCode, says, hint } of EXAMPLES) {
    it(name, () => {
      const entries: [string, unknown][] = Object.entries({ ...SITUATION, ...situation })
      const context = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
      const error = explainAnswer(
        { status: 0, headers: {}, text: '', bytes: Buffer.alloc(0), ...answer },
        context as unknown as Situation,
      )
      expect(error).toMatchObject({ code, exitCode, status: answer.status })
      const what =
        situation?.request && !('what' in situation.request)
          ? `${situation.request.method} ${situation.request.path} failed`
          : 'cannot create repository "apps"'
      expect(error.message).toBe(`${what}: ${says}`)
      if (hint === 'none') expect(error.hint).toBeUndefined()
      else if (typeof hint === 'string') expect(error.hint).toBe(hint)
      if (hint instanceof RegExp) expect(error.hint).toMatch(hint)
    })
  }
})

describe('that a 404 may hide something is said where it can be so', () => {
  it.each([
    ['GET', 'repositories/docker/hosted/apps', true],
    ['GET', 'blobstores/file/images', false],
    ['GET', 'routing-rules/ours', false],
    ['GET', 'repositorySettings', false],
    ['PUT', 'repositories/docker/hosted/apps', false],
    ['POST', 'repositories/docker/hosted', false],
  ] as const)('%s %s: %s', (method, path, mayHide) => {
    const answer: Answer = { status: 404, headers: NEXUS, text: '', bytes: Buffer.alloc(0) }
    const request = { method, path: `/service/rest/v1/${path}`, what: 'do it' }
    const { hint } = explainAnswer(answer, { ...SITUATION, request })
    expect(hint?.includes('may not see') ?? false).toBe(mayHide)
  })
})
