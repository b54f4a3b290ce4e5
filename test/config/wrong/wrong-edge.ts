import type { WrongFile } from './wrong-file.ts'

interface Way {
  hosts?: string
  /** What else the section has. */
  more?: string
  /** Where TLS ends; '' for nothing. */
  tls?: string
  repositories?: string
}

const ports = `
  apps: {type: hosted, httpPort: 8083}
  hub: {type: proxy, upstream: docker-hub}
  docker: {type: group, httpPort: 8082, members: [apps, hub]}`
const plain = ports.replaceAll(/, httpPort: \d+/g, '')
const two = 'pull: registry.example.com, push: push.example.com'

/** A file with `edge:`, right but for what is changed in it. */
function file({
  hosts = two,
  more = '',
  tls = ', tls: {endsFurtherOut: true}',
  repositories = ports,
}: Way): string {
  return `edge: {hosts: {${hosts}}${tls}${more}}\nrepositories:${repositories}\n`.replace(
    'hosts: {!',
    '▸hosts: {',
  )
}

const rows: [code: string, way: Way | string, says: RegExp][] = [
  ['missing-field', file({ hosts: 'push: push.example.com' }).replace('hosts', '▸hosts'), /pull is missing/],
  [
    'invalid-value',
    { hosts: 'pull: ▸"https://registry.example.com/"' },
    /write a host.*: registry\.example\.com$/,
  ],
  ['invalid-value', { hosts: 'pull: ▸"*.example.com"' }, /: example\.com$/],
  ['invalid-value', { hosts: 'pull: ▸"a b;c"' }, /registry\.example\.com/],
  ['invalid-value', { hosts: 'pull: ▸"registry.example.com:99999"' }, /registry\.example\.com/],
  ['invalid-value', { more: ', routing: ▸paths' }, /path, two-hosts/],
  ['invalid-value', { more: ', namespaces: [▸acme/]' }, /beginning of image names, such as acme/],
  ['invalid-value', { more: ', namespaces: [▸Acme]' }, /acme/],
  ['invalid-value', { tls: ', tls: {certificate: ▸"/a\\nb", key: /k}' }, /line breaks/],
  ['invalid-value', { tls: ', tls: {acme: {email: ▸"me; you"}}' }, /admin@example\.com/],
  ['invalid-value', { more: ', limits: {timeout: ▸0}' }, /from 1 to 86400/],
  ['invalid-value', { more: ', limits: {upload: ▸much}' }, /10 GiB/],
  ['unknown-key', { hosts: `${two}, ▸domian: x.y` }, /known here|hosts/],
  ['unknown-key', { more: ', ▸ssl: {}', tls: '' }, /"tls" here/],
  ['unknown-key', { more: ', ▸backend: http://nexus:8081' }, /upstream/],
  ['unknown-key', { tls: ', tls: {▸cert: /a, key: /b}' }, /certificate/],
  ['edge-repository', { more: ', pull: ▸dokcer' }, /did you mean "docker"/],
  ['edge-repository', { more: ', push: ▸other' }, /describes no Docker repository "other"/],
  ['edge-repository', { more: ', push: ▸hub' }, /takes no pushes/],
  ['edge-repository', { hosts: `${two}, repositories: {apps: a.example.com, hob: ▸h.example.com}` }, /"hub"/],
  [
    'edge-repository',
    `▸${file({ repositories: `${ports}\n  all: {type: group, members: [apps]}` })}`,
    /2 repos.*"pull: docker"/,
  ],
  [
    'edge-repository',
    `▸${file({ more: ', routing: namespace, namespaces: [acme]', hosts: 'pull: a.b', repositories: '\n  hub: {type: proxy, upstream: quay.io}' })}`,
    /to push to/,
  ],
  [
    'edge-repository',
    {
      hosts: 'pull: a.b, push: ▸c.d',
      repositories: '\n  hub: {type: proxy, upstream: quay.io, httpPort: 8082}',
    },
    /to push to/,
  ],
  ['edge-repository', '▸edge: {hosts: {pull: a.b}, tls: {acme: {}}}\n', /no name leads to/],
  [
    'edge-repository',
    `▸${file({ more: ', routing: ports', hosts: 'pull: a.b', repositories: plain })}`,
    /httpPort: 8082/,
  ],
  ['edge-host', { hosts: 'pull: a.b, push: ▸a.b:443' }, /a\.b already leads to another repository/],
  ['edge-host', { hosts: `${two}, repositories: {hub: ▸PUSH.example.com}` }, /push\.example\.com already/],
  ['edge-host', { hosts: 'pull: a.b, push: ▸c.d', more: ', routing: ports' }, /each repository has its port/],
  ['edge-host', { hosts: 'pull: ▸a.b:5000', more: ', routing: ports' }, /write "a\.b"/],
  [
    'edge-host',
    {
      hosts: 'pull: ▸10.0.0.7',
      more: ', routing: subdomain',
      repositories: '\n  apps: {type: hosted, subdomain: apps}',
    },
    /"10\.0\.0\.7" has no subdomains/,
  ],
  [
    'edge-path',
    {
      hosts: 'pull: a.b',
      more: ', routing: path',
      repositories: `${plain}\n  old: {type: hosted, httpPort: ▸8084}`,
    },
    /pathEnabled: false/,
  ],
  [
    'edge-path',
    { hosts: 'pull: a.b', repositories: '\n  ▸my..apps: {type: hosted}' },
    /cannot stand in the names.*pathEnabled: false/,
  ],
  ['edge-namespaces', { hosts: 'pull: a.b', more: ', routing: ▸namespace' }, /namespaces: \[acme\]/],
  ['edge-tls', { tls: ', ▸tls: {ca: ca.crt}' }, /where TLS ends/],
  ['edge-tls', { tls: ', tls: {certificate: ▸/a.crt}' }, /add "key: PATH"/],
  ['edge-tls', { tls: ', tls: {key: ▸/a.key}' }, /add "certificate: PATH"/],
  [
    'edge-tls',
    { tls: ', tls: {certificate: /a.crt, key: /a.key, ▸acme: {}}' },
    /acme and certificate exclude/,
  ],
  ['edge-tls', { tls: ', tls: {acme: {}, endsFurtherOut: ▸true}' }, /endsFurtherOut and acme exclude/],
  ['edge-tls', { tls: ', tls: {acme: {}, ca: ▸ca.crt}' }, /no private CA/],
  ['edge-upstream', { more: ', upstream: ▸"https://push.example.com"' }, /to the reverse proxy itself/],
  ['edge-upstream', { more: ', upstream: ▸"http://nexus:8081/a;b"' }, /http:\/\/nexus:8081/],
  ['invalid-url', { more: ', upstream: ▸"nexus:8081"' }, /write "http:\/\/nexus:8081"/],
  ['credentials-in-url', { more: ', upstream: ▸"http://admin:x@nexus:8081"' }, /remove the login/],
]

const warnings: [code: string, way: Way | string, says: RegExp][] = [
  ['edge-without-tls', `▸${file({ tls: '' })}`, /acme: \{\}/],
  [
    'edge-same-port',
    { hosts: 'pull: registry.example.com', more: ', routing: ports, upstream: ▸"http://localhost:8081"' },
    /both listen on port 8083/,
  ],
  ['edge-no-push', { hosts: '!pull: a.b' }, /"apps" takes pushes.*push: …/],
  [
    'edge-no-push',
    { hosts: '!pull: a.b', more: ', routing: ports', repositories: ports.replace(', httpPort: 8083', '') },
    /repositories: \{apps: …\}/,
  ],
  [
    'edge-group',
    { repositories: ports.replace('members: [apps, hub]', '▸members: [hub]') },
    /"apps" cannot be pulled from "docker"/,
  ],
  ['edge-method', { hosts: 'pull: a.b', more: ', routing: ▸method' }, /crane.*hosts: \{push: …\}/],
  [
    'edge-anonymous-path',
    {
      hosts: 'pull: a.b',
      more: ', routing: ▸path',
      repositories: plain.replaceAll('type:', 'forceBasicAuth: false, type:'),
    },
    /3\.87.*two-hosts.*x-accept: \[edge-anonymous-path\]/,
  ],
  [
    'edge-library',
    { hosts: 'pull: a.b', more: ', routing: namespace, namespaces: [acme, ▸library]' },
    /Docker Hub/,
  ],
]

function wrongFile(row: [code: string, way: Way | string, says: RegExp], severity?: 'warning'): WrongFile {
  const [code, way, says] = row
  const yaml = typeof way === 'string' ? way : file(way)
  return { code, yaml, says, alone: true, ...(severity && { severity }) }
}

/** The way in, alone and with its repositories. */
export const wrongEdges: WrongFile[] = [
  ...rows.map((row) => wrongFile(row)),
  ...warnings.map((row) => wrongFile(row, 'warning')),
]
