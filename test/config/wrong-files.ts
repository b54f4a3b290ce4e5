/** One mistake. In `yaml` the mark ▸ stands in front of what a person would point at; it is taken out before the file is read. */
export interface WrongFile {
  code: string
  yaml: string
  /** A part of the message or hint that has to be there. */
  says?: RegExp
  severity?: 'warning'
  /** Cannot stand in one file with the others: it breaks the file as a whole, or clashes with its settings. */
  alone?: true
}

const hosted = 'type: hosted'
const proxy = 'type: proxy, remoteUrl: "https://quay.io"'

/** A repository of the wrong file; names differ so that the files can be combined. */
function repository(name: string, fields: string): string {
  return `repositories:\n  ${name}: {${fields}}\n`
}

function blobStore(name: string, fields: string): string {
  return `blobStores:\n  ${name}: {${fields}}\n`
}

/** What is wrong with the text of the file. */
export const wrongTexts: WrongFile[] = [
  { code: 'empty-file', yaml: '▸# nothing yet\n', says: /version: 1/, alone: true },
  { code: 'not-a-map', yaml: '▸- docker-hub\n- quay\n', alone: true },
  { code: 'not-text', yaml: 'version: 1\nanonymousPull: ▸\u0007\n', says: /U\+0007/, alone: true },
  {
    code: 'multiple-documents',
    yaml: 'version: 1\n▸---\nversion: 1\n',
    says: /file of its own/,
    alone: true,
  },
  { code: 'yaml-tab', yaml: `repositories:\n▸\tapps: {${hosted}}\n`, says: /spaces/, alone: true },
  {
    code: 'yaml-indent',
    yaml: `repositories:\n  apps: {${hosted}}\n▸ base: {${hosted}}\n`,
    says: /column/,
    alone: true,
  },
  { code: 'yaml-unclosed', yaml: `repositories:\n  apps: ▸{${hosted}\n`, says: /\}/, alone: true },
  { code: 'yaml-unclosed', yaml: 'nexus:\n  url: ▸"http://localhost:8081\n', says: /quote/, alone: true },
  { code: 'yaml-unquoted', yaml: 'nexus:\n  username: ▸@admin\n', says: /quotes/, alone: true },
  {
    code: 'yaml-unquoted',
    yaml: 'repositories:\n  apps: {type: hosted, httpPort: ▸${PORT}}\n',
    says: /"\$\{NAME\}"/,
    alone: true,
  },
  {
    code: 'yaml-escape',
    yaml: 'blobStores:\n  a: {path: "C:▸\\data"}\n',
    says: /single quotes/,
    alone: true,
  },
  {
    code: 'yaml-syntax',
    yaml: 'version: 1\nnexus:\n  url: ▸http: //localhost\n',
    says: /quote/,
    alone: true,
  },
  { code: 'yaml-syntax', yaml: `version: 1\n▸repositories\nnexus: {url: "http://x"}\n`, alone: true },
  { code: 'yaml-tag', yaml: 'nexus: {username: ▸!vault admin}\n', says: /remove it/ },
  { code: 'yaml-alias', yaml: `repositories: {apps: ▸*defaults}\n`, says: /anchor/, alone: true },
  { code: 'yaml-directive', yaml: '▸%YML 1.2\n---\nversion: 1\n', severity: 'warning', alone: true },
  {
    code: 'yaml-depth',
    yaml: `x-deep: ${'['.repeat(99)}▸[`,
    says: /100 levels/,
    alone: true,
  },
  {
    code: 'duplicate-key',
    yaml: 'nexus:\n  url: http://a\n  ▸url: http://b\n',
    says: /line 2, column 3/,
    alone: true,
  },
  { code: 'bad-key', yaml: 'repositories:\n  ▸[a, b]: {type: hosted}\n', says: /plain text/, alone: true },
  {
    code: 'merge-value',
    yaml: 'repositories:\n  apps: {type: hosted, <<: ▸online}\n',
    says: /<<: \*name/,
    alone: true,
  },
  {
    code: 'ignored-key',
    yaml: `repositories:\n  ▸x-apps: {${hosted}}\n`,
    severity: 'warning',
    says: /another name/,
  },
  {
    code: 'unset-variable',
    yaml: 'nexus: {url: "▸${NEXUS_SERVER}"}\n',
    says: /NEXUS_SERVER.*export NEXUS_SERVER/,
  },
  {
    code: 'unset-variable',
    yaml: 'nexus: {url: "▸${NEXUS_SERVER:?ask the team}"}\n',
    says: /ask the team/,
    alone: true,
  },
  { code: 'bad-interpolation', yaml: 'nexus: {username: "▸${1st}"}\n', says: /\$\$\{/, alone: true },
  { code: 'unclosed-interpolation', yaml: 'nexus: {username: "▸${USER"}\n', says: /\}/, alone: true },
]

/** What the schema refuses. */
export const wrongShapes: WrongFile[] = [
  { code: 'unknown-key', yaml: '▸repositorys: {}\n', says: /"repositories"/ },
  {
    code: 'unknown-key',
    yaml: repository('typo', 'type: hosted, ▸htpPort: 5001'),
    says: /did you mean "httpPort"/,
  },
  {
    code: 'unknown-key',
    yaml: repository('no-follow-up', 'type: proxy, ▸remotUrl: "https://x.y"'),
    says: /"remoteUrl"/,
  },
  {
    code: 'unknown-key',
    yaml: repository('other-type', `${hosted}, ▸remoteUrl: "https://x.y"`),
    says: /type: proxy/,
  },
  {
    code: 'unknown-key',
    yaml: repository('of-nexus', `type: group, ▸memberNames: [apps]`),
    says: /"members" here/,
  },
  {
    code: 'unknown-key',
    yaml: repository('nested', `${hosted}, ▸storage: {blobStoreName: default}`),
    says: /flat here: blobStore/,
  },
  { code: 'unknown-key', yaml: repository('flat', `${proxy}, httpClient: {▸retrys: 1}`), says: /"retries"/ },
  {
    code: 'unknown-key',
    yaml: repository('elsewhere', 'external: true, ▸httpPort: 5002'),
    says: /"external"/,
  },
  { code: 'missing-type', yaml: 'repositories:\n  ▸no-type: {httpPort: 5003}\n', says: /type: hosted/ },
  { code: 'unknown-type', yaml: repository('hostd', 'type: ▸hostd'), says: /"hosted"/ },
  { code: 'unknown-type', yaml: blobStore('s3', 'type: ▸s3'), says: /file/ },
  { code: 'missing-field', yaml: 'repositories:\n  ▸no-members: {type: group}\n', says: /"members: …"/ },
  {
    code: 'missing-field',
    yaml: 'repositories:\n  ▸no-upstream: {type: proxy}\n',
    says: /upstream: docker-hub/,
  },
  { code: 'missing-field', yaml: blobStore('no-limit', '▸quota: {type: spaceUsed}'), says: /limit/ },
  { code: 'missing-field', yaml: blobStore('no-quota-type', '▸quota: {limit: 1 GB}'), says: /type/ },
  { code: 'invalid-value', yaml: 'version: ▸2\n', says: /version 1/ },
  { code: 'invalid-value', yaml: 'anonymousPull: ▸yes\n', says: /write true/, alone: true },
  { code: 'invalid-value', yaml: 'nexus: {version: ▸3.90}\n', says: /quotes/, alone: true },
  { code: 'invalid-value', yaml: 'nexus: {version: ▸latest}\n', says: /3\.90\.0/, alone: true },
  { code: 'invalid-value', yaml: 'nexus: {edition: ▸comunity}\n', says: /"community"/, alone: true },
  { code: 'invalid-value', yaml: 'nexus: {password: ▸12345678}\n', says: /quotes/, alone: true },
  { code: 'invalid-value', yaml: 'nexus: {▸password: {vault: x}}\n', says: /\{env: NAME\}/, alone: true },
  {
    code: 'invalid-value',
    yaml: repository('quoted', `${hosted}, httpPort: ▸"5004"`),
    says: /remove the quotes/,
  },
  { code: 'invalid-value', yaml: repository('high', `${hosted}, httpPort: ▸70000`), says: /65535/ },
  { code: 'invalid-value', yaml: repository('broken', `${hosted}, httpPort: ▸80.5`), says: /fraction/ },
  {
    code: 'invalid-value',
    yaml: repository('once', `${hosted}, writePolicy: ▸alow-once`),
    says: /"allow-once"/,
  },
  {
    code: 'invalid-value',
    yaml: repository('hub', 'type: proxy, upstream: ▸dockerhub'),
    says: /"docker-hub"/,
  },
  { code: 'invalid-value', yaml: repository('single', 'type: group, members: ▸apps'), says: /\[a, b\]/ },
  { code: 'invalid-value', yaml: repository('empty', 'type: group, ▸members: []'), says: /at least one/ },
  {
    code: 'invalid-value',
    yaml: repository('ten', `${proxy}, httpClient: {retries: ▸11}`),
    says: /at most 10/,
  },
  { code: 'invalid-value', yaml: repository('age', `${proxy}, contentMaxAge: ▸-2`), says: /-1 never/ },
  { code: 'invalid-value', yaml: repository('blank', `${hosted}, blobStore: ▸""`), says: /empty/ },
  {
    code: 'invalid-value',
    yaml: blobStore('size', 'quota: {type: spaceUsed, limit: ▸10 XB}'),
    says: /10 GiB/,
  },
  { code: 'invalid-value', yaml: 'repositories:\n  ▸list: [hosted]\n', says: /map of keys/ },
  { code: 'invalid-value', yaml: '▸repositories: [docker]\n', says: /map of names/, alone: true },
  { code: 'invalid-value', yaml: 'realms: ▸DockerToken\n', says: /map of keys/, alone: true },
  { code: 'invalid-value', yaml: '▸realms: [DockerToken]\n', says: /without dashes/, alone: true },
  { code: 'invalid-value', yaml: repository('internal', 'external: ▸false'), says: /leave "external" out/i },
  { code: 'missing-field', yaml: 'httpProxy: {▸http: {host: proxy.corp}}\n', says: /port/, alone: true },
  {
    code: 'secret-missing',
    yaml: 'nexus: {password: {env: ▸NOT_THERE}}\n',
    severity: 'warning',
    says: /export NOT_THERE/,
  },
  {
    code: 'secret-missing',
    yaml: repository('key', `${proxy}, authentication: {username: u, password: {file: ▸no/such/file}}`),
    severity: 'warning',
    says: /does not exist/,
  },
]

/** What only objects together, or a closer look at values, can tell. */
export const wrongRules: WrongFile[] = [
  { code: 'invalid-url', yaml: 'nexus: {url: ▸"localhost:8081"}\n', says: /http/, alone: true },
  {
    code: 'credentials-in-url',
    yaml: 'nexus: {url: ▸"http://admin:x@host"}\n',
    says: /nexus\.password/,
    alone: true,
  },
  { code: 'invalid-url', yaml: repository('scheme', 'type: proxy, remoteUrl: ▸"ftp://x.y"'), says: /https/ },
  {
    code: 'invalid-url',
    yaml: repository('query', 'type: proxy, remoteUrl: ▸"https://x.y/?a=b"'),
    says: /query/,
  },
  {
    code: 'credentials-in-url',
    yaml: repository('login', 'type: proxy, remoteUrl: ▸"https://u:p@x.y"'),
    says: /fields/,
  },
  {
    code: 'not-a-registry',
    yaml: repository('site', 'type: proxy, remoteUrl: ▸"https://hub.docker.com"'),
    says: /registry-1/,
  },
  {
    code: 'upstream-and-url',
    yaml: repository('both', 'type: proxy, upstream: quay.io, ▸remoteUrl: "https://x.y"'),
  },
  { code: 'index-url', yaml: repository('custom', `${proxy}, index: ▸custom`), says: /indexUrl/ },
  {
    code: 'index-url',
    yaml: repository('no-custom', `${proxy}, index: registry, indexUrl: ▸"https://i.x"`),
    says: /custom/,
  },
  { code: 'invalid-name', yaml: 'repositories:\n  ▸_apps: {type: hosted}\n', says: /underscore/ },
  { code: 'invalid-name', yaml: 'blobStores:\n  ▸my store: {}\n', says: /letters, digits/ },
  { code: 'name-too-long', yaml: `repositories:\n  ▸${'long-'.repeat(41)}: {type: hosted}\n`, says: /200/ },
  { code: 'upper-case-name', yaml: 'repositories:\n  ▸Docker: {type: hosted}\n', says: /"docker"/ },
  { code: 'name-clash', yaml: 'blobStores:\n  images: {}\n  ▸Images: {path: other}\n', says: /keep one/ },
  {
    code: 'blob-store-path',
    yaml: 'blobStores:\n  outer: {path: /data}\n  inner: {path: ▸/data/inner}\n',
    says: /own/,
  },
  {
    code: 'blob-store-missing',
    yaml: repository('lost', `${hosted}, blobStore: ▸nowhere`),
    says: /blobStores:/,
  },
  {
    code: 'member-missing',
    yaml: repository('dangling', 'type: group, members: [▸noone]'),
    says: /external: true/,
  },
  {
    code: 'member-cycle',
    yaml: 'repositories:\n  ring-a: {type: group, members: [▸ring-b]}\n  ring-b: {type: group, members: [ring-a]}\n',
    says: /ring-a → ring-b → ring-a/,
  },
  {
    code: 'member-order',
    yaml: `repositories:\n  front: {${proxy}}\n  own: {${hosted}}\n  ordered: {type: group, members: [front, ▸own]}\n`,
    severity: 'warning',
    says: /hosted members first/,
  },
  {
    code: 'writable-member',
    yaml: `repositories:\n  far: {${proxy}}\n  pushed: {type: group, members: [far], writableMember: ▸far}\n`,
    says: /hosted/,
  },
  {
    code: 'writable-member',
    yaml: `repositories:\n  near: {${hosted}}\n  away: {${hosted}}\n  stray: {type: group, members: [near], writableMember: ▸away}\n`,
    says: /add "away" to members/,
  },
  {
    code: 'port-conflict',
    yaml: `repositories:\n  one: {${hosted}, httpPort: 6000}\n  two: {${hosted}, httpsPort: ▸6000}\n`,
    says: /"one".*own port/,
  },
  {
    code: 'port-conflict',
    yaml: repository('same', `${hosted}, httpPort: 6001, httpsPort: ▸6001`),
    says: /this repository/,
  },
  { code: 'nexus-port', yaml: repository('taken', `${hosted}, httpPort: ▸8081`), says: /Nexus itself/ },
  {
    code: 'many-ports',
    yaml: `repositories:\n${Array.from({ length: 21 }, (_, index) => `  many-${index}: {type: hosted, httpPort: ${index === 20 ? '▸' : ''}${7000 + index}}\n`).join('')}`,
    severity: 'warning',
    says: /at most 20/,
    alone: true,
  },
  {
    code: 'path-and-port',
    yaml: repository('path', `${hosted}, pathEnabled: true, httpPort: ▸6002`),
    says: /one way/,
  },
  { code: 'invalid-subdomain', yaml: repository('label', `${hosted}, subdomain: ▸my.apps`), says: /hyphens/ },
  {
    code: 'subdomain-conflict',
    yaml: `repositories:\n  sub-a: {${hosted}, subdomain: sub}\n  sub-b: {${hosted}, subdomain: ▸sub}\n`,
    says: /"sub-a"/,
  },
  {
    code: 'incomplete-login',
    yaml: repository('half', `${proxy}, ▸authentication: {username: u}`),
    says: /password: \{env/,
  },
  {
    code: 'incomplete-login',
    yaml: repository('much', `${proxy}, authentication: {bearerToken: tttt, username: ▸u}`),
    says: /remove username/,
  },
  {
    code: 'trust-store-http',
    yaml: repository('plain', 'type: proxy, remoteUrl: "http://x.y", httpClient: {useTrustStore: ▸true}'),
    says: /https/,
  },
  {
    code: 'invalid-pattern',
    yaml: repository('pattern', `${proxy}, cacheForeignLayers: true, foreignLayerUrlWhitelist: [▸"("]`),
    says: /regular expression/,
  },
  {
    code: 'foreign-layers-off',
    yaml: repository('layers', `${proxy}, ▸foreignLayerUrlWhitelist: [".*"]`),
    severity: 'warning',
    says: /cacheForeignLayers: true/,
  },
  { code: 'latest-policy', yaml: repository('latest', `${hosted}, latestPolicy: ▸true`), says: /allow-once/ },
  {
    code: 'cleanup-policy-none',
    yaml: repository('none', `${hosted}, cleanupPolicies: [▸None]`),
    says: /\[\]/,
  },
  {
    code: 'repeated-item',
    yaml: `repositories:\n  base: {${hosted}}\n  twice: {type: group, members: [base, ▸base]}\n`,
    says: /remove one/,
  },
  {
    code: 'invalid-host',
    yaml: 'httpProxy: {http: {host: ▸"http://proxy", port: 3128}}\n',
    says: /host alone/,
    alone: true,
  },
  { code: 'invalid-exclusion', yaml: 'httpProxy: {exclude: [▸10.0.0.0/8]}\n', says: /10\.\*/, alone: true },
  { code: 'invalid-exclusion', yaml: 'httpProxy: {exclude: [▸"a*b"]}\n', says: /start or end/ },
  {
    code: 'exclusions-without-proxy',
    yaml: 'httpProxy: {http: null, ▸exclude: [localhost]}\n',
    severity: 'warning',
    says: /while a proxy is set/,
    alone: true,
  },
  { code: 'realm-lockout', yaml: 'realms: {▸exact: [DockerToken]}\n', says: /NexusAuthenticatingRealm/ },
  {
    code: 'realms-twice',
    yaml: 'realms: {exact: [NexusAuthenticatingRealm], ▸ensure: [DockerToken]}\n',
    says: /keep one/,
    alone: true,
  },
  {
    code: 'anonymous-pull',
    yaml: '▸anonymousPull: true\nrealms: {exact: [NexusAuthenticatingRealm]}\n',
    says: /DockerToken/,
    alone: true,
  },
  { code: 'anonymous-pull', yaml: 'anonymousPull: true\nanonymous: {enabled: ▸false}\n', says: /remove one/ },
  {
    code: 'not-offered',
    yaml: `nexus: {version: 3.77.1}\nrepositories:\n  new: {${hosted}, pathEnabled: ▸true}\n`,
    says: /3\.83 or later.*nexus\.version is 3\.77\.1/,
    alone: true,
  },
  {
    code: 'not-offered',
    yaml: `nexus: {edition: community}\nrepositories:\n  pro: {${hosted}, subdomain: ▸pro}\n`,
    says: /Nexus Repository Pro.*nexus\.edition is community/,
    alone: true,
  },
]

export const wrongFiles = [...wrongTexts, ...wrongShapes, ...wrongRules]

/** The file without its mark, and where that was: line and column from 1. */
export function unmark({ yaml }: Pick<WrongFile, 'yaml'>): { text: string; line: number; column: number } {
  const before = yaml.slice(0, yaml.indexOf('▸'))
  const lines = before.split('\n')
  return { text: yaml.replace('▸', ''), line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}
