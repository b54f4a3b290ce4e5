// What a cause tells to change, where that depends on what the file and the server have.
import { expect, it } from 'vitest'
import { placeText } from '../../src/report/verify/document.ts'
import { diagnose } from '../../src/verify/diagnose.ts'
import type { Case } from '../../src/verify/evidence.ts'
import { atEndpoint, bearer, caseOf, exchange, failure, page, registryError, subject } from './cases.ts'

const hub = { type: 'proxy', name: 'hub', image: { name: 'hello', tag: '1', named: true } } as const
const proxy = (more = {}) =>
  subject({ ...hub, wanted: { remoteUrl: 'https://registry-1.docker.io' }, ...more })
const manifest404 = exchange('get-manifest', { status: 404 })
const readOnly = exchange('start-upload', {
  method: 'POST',
  status: 400,
  ...registryError('BLOB_UPLOAD_INVALID', 'ours is read-only', 'ours is read-only'),
})

function told(evidence: Case): { message: string; place: string; hint: string } {
  const { message, where, hint } = diagnose(evidence)
  const place = where.kind === 'file' ? where.path.join('.') : placeText(where)
  return { message, place, hint }
}

it('a port that the server does not have is told with the one that it has', () => {
  const refused = exchange('ping', failure('refused', 'ECONNREFUSED'))
  const other = caseOf('reach', [refused], { subject: subject({ actual: { httpPort: 8093 } }) })
  expect(told(other).message).toBe('the file gives "ours" the httpPort 8083, and the server has 8093')
  const none = caseOf('reach', [refused], { subject: subject({ actual: { httpPort: null } }) })
  expect(told(none).message).toBe('the file gives "ours" the httpPort 8083, and the server has none')
})

it('a field that another line of the file writes is changed there', () => {
  const away = [exchange('upstream', failure('refused', 'ECONNREFUSED'))]
  const because = { remoteUrl: 'upstream: docker-hub', forceBasicAuth: 'anonymousPull: true' }
  const unreachable = caseOf('pull-through', [manifest404, ...away], {
    subject: proxy({ because }),
    wrong: manifest404,
  })
  expect(told(unreachable)).toMatchObject({
    message: 'neither Nexus nor this machine can reach https://registry-1.docker.io (ECONNREFUSED)',
    place: 'repositories.hub.upstream',
  })
  const keptOut = caseOf('anonymous', [exchange('anonymous-pull', { as: 'nobody', status: 401 })], {
    subject: subject({ anonymous: 'let-in', actual: { forceBasicAuth: true }, because }),
  })
  expect(told(keptOut).place).toBe('anonymousPull')
})

it('a write policy that the server does not have yet is a matter of apply, another one of the file', () => {
  const wanted = { writePolicy: 'allow-once' }
  const drifted = caseOf('push', [readOnly], {
    subject: subject({ wanted, actual: { writePolicy: 'deny' } }),
  })
  expect(told(drifted).hint).toMatch(/^Run apply/)
  const asWritten = caseOf('push', [readOnly], { subject: subject({ wanted, actual: wanted }) })
  expect(told(asWritten).hint).toMatch(/^Write the writePolicy that you need/)
})

it('what a server says twice is told once', () => {
  expect(told(caseOf('push', [readOnly])).message).toContain('(400 BLOB_UPLOAD_INVALID: ours is read-only)')
})

it('the line of the reverse proxy has the port of the repository', () => {
  const group = subject({
    type: 'group',
    name: 'docker',
    wanted: { httpPort: 9082 },
    address: atEndpoint(),
  })
  const gone = caseOf('reach', [exchange('ping', { status: 502, ...page('502') })], { subject: group })
  expect(told(gone).place).toBe('reverse proxy: upstream nexus_group { server nexus:9082; }')
})

it('an unknown authority is named in the file where its names were asked', () => {
  const unknown = (name: string, more = {}) =>
    told(
      caseOf('reach', [exchange('ping', failure('certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'))], {
        subject: subject({ address: { ...atEndpoint(`https://${name}`), ...more } }),
      }),
    )
  const through = unknown('registry.example.com', { through: true })
  expect(through.place).toBe('edge.tls.ca')
  expect(through.hint).toContain('ca: ca.crt')
  // Word for word the same: a report tells it once.
  expect(unknown('push.example.com', { through: true })).toEqual(through)
  const other = unknown('registry.example.com')
  expect(other.place).toBe('command line: --ca-cert')
  expect(other.message).toContain('https://registry.example.com')
})

it('an option is shown as it is to be written', () => {
  const http = caseOf(
    'reach',
    [exchange('ping', { status: 400, ...page('The plain HTTP request was sent to HTTPS port') })],
    { subject: subject({ address: atEndpoint('http://registry.example.com:9443') }) },
  )
  expect(told(http).place).toBe('command line: --endpoint ours=https://registry.example.com:9443')
  const unknown = caseOf('reach', [exchange('ping', failure('name-not-found', 'ENOTFOUND'))], {
    subject: subject({ address: atEndpoint('https://registry.exmaple.com') }),
  })
  expect(told(unknown).place).toBe('command line: --endpoint ours=https://registry.exmaple.com')
  const through = caseOf('reach', [exchange('ping', failure('name-not-found', 'ENOTFOUND'))], {
    subject: subject({ address: { ...atEndpoint('https://registry.example.com'), through: true } }),
  })
  expect(told(through).place).toBe('command line: --through ADDRESS')
  const lacking = caseOf(
    'pull-through',
    [manifest404, exchange('upstream', { status: 200 }), exchange('upstream-image', { status: 404 })],
    { subject: proxy(), wrong: manifest404 },
  )
  expect(told(lacking).place).toBe('command line: --image hub=NAME:TAG')
})

it("behind https a port that is shut may be nobody's way in", () => {
  const wrong = exchange('ping', failure('refused', 'ECONNREFUSED'))
  const shut = [wrong, exchange('own-path', { status: 401 })]
  const behind = (url: string) =>
    told(
      caseOf('reach', shut, { wrong, server: { url, version: '3.90.0', edition: 'community', offline: [] } }),
    )
  expect(behind('https://nexus.corp').hint).toMatch(
    /^Clients that come through a reverse proxy .* --endpoint ours=https/,
  )
  expect(behind('http://nexus.corp:8081').hint).toMatch(/^Publish it: /)
})

it('a login that is refused is told with its user and where the password came from', () => {
  const refused = [exchange('login', { status: 401 })]
  expect(told(caseOf('login', refused))).toMatchObject({
    message: 'the registry refuses the user "ci" with the password from NEXUS_AS_PASSWORD (401)',
    place: 'server: Security → Users',
  })
  const login = { username: 'admin', passwordFrom: 'nexus.password' }
  expect(told(caseOf('login', refused, { login }))).toMatchObject({
    message: 'the registry refuses the user "admin" with the password from nexus.password (401)',
    place: 'nexus.password',
  })
  const behind = caseOf('login', refused, { login, subject: subject({ address: atEndpoint() }) })
  expect(told(behind).place).toMatch(/^reverse proxy: proxy_set_header Authorization/)
})

it.each([
  ['http://nexus:8083', 'port', 'server: version of Nexus', /upgrade to 3\.81, or put one in front/],
  ['http://nexus:8081', 'path', 'server: version of Nexus', /upgrade to 3\.81, or put one in front/],
  ['https://nexus:8444', 'port', 'server: version of Nexus', /upgrade to 3\.81, or put one in front/],
  ['https://nexus.example.com', 'path', /^reverse proxy: /, /send the header/],
  ['https://registry.example.com', 'endpoint', /^reverse proxy: /, /send the header/],
] as const)(
  'the realm null:// at %s (%s) is of the proxy only where there is one',
  (url, way, place, hint) => {
    const ping = exchange('ping', {
      status: 401,
      url: `${url}/v2/`,
      challenges: [bearer(`null://${new URL(url).host}/v2/token`)],
    })
    const it = caseOf('reach', [ping], { subject: subject({ address: { url, prefix: '', way } }) })
    const shown = told(it)
    expect(shown.place).toMatch(place)
    expect(shown.hint).toMatch(hint)
  },
)
