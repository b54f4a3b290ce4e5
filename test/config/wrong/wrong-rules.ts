import { hosted, proxy, repository, type WrongFile } from './wrong-file.ts'

/** What only objects together, or a closer look at values, can tell. */
export const wrongRules: WrongFile[] = [
  { code: 'invalid-url', yaml: 'nexus: {url: ▸"localhost:8081"}\n', says: /^url: .*http/, alone: true },
  {
    code: 'credentials-in-url',
    yaml: 'nexus: {url: ▸"http://admin:x@host"}\n',
    says: /nexus\.password/,
    alone: true,
  },
  {
    code: 'invalid-url',
    yaml: repository('scheme', 'type: proxy, remoteUrl: ▸"ftp://x.y"'),
    says: /^remoteUrl: .*https/,
  },
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
    says: /members names "base" twice remove one/,
  },
  {
    code: 'invalid-host',
    yaml: 'httpProxy: {http: {host: ▸"http://proxy", port: 3128}}\n',
    says: /host alone/,
    alone: true,
  },
  ...[
    ['proxy.corp:3128', /host alone.*"port: 3128"/] as const,
    ['[fd00::1]:3128', /host alone.*"port: 3128"/] as const,
    ['fd00::1', /in brackets: "\[fd00::1\]"/] as const,
    ['my_proxy', /host name or an IP address/] as const,
  ].map(
    ([host, says]): WrongFile => ({
      code: 'invalid-host',
      yaml: `httpProxy: {http: {host: ▸"${host}", port: 3128}}\n`,
      says,
      alone: true,
    }),
  ),
  { code: 'invalid-exclusion', yaml: 'httpProxy: {exclude: [▸10.0.0.0/8]}\n', says: /10\.\*/, alone: true },
  { code: 'invalid-exclusion', yaml: 'httpProxy: {exclude: [▸"a*b"]}\n', says: /start or end/ },
  {
    code: 'exclusions-without-proxy',
    yaml: 'httpProxy: {http: null, ▸exclude: [localhost]}\n',
    severity: 'warning',
    says: /while a proxy is set/,
    alone: true,
  },
  {
    code: 'invalid-secret',
    yaml: repository('blank-secret', `${proxy}, authentication: {username: x, password: ▸"  "}`),
    says: /password: this is empty/,
  },
  {
    code: 'invalid-secret',
    yaml: repository(
      'placeholder',
      `${proxy}, authentication: {bearerToken: ▸"#~NXRM~PLACEHOLDER~PASSWORD~#"}`,
    ),
    says: /what Nexus shows in place of a password/,
  },
  {
    code: 'invalid-secret',
    yaml: 'bootstrap: {initialPassword: ▸"#~NEXUS~PLACEHOLDER~PASSWORD~#"}\n',
    says: /initialPassword: this is what Nexus shows/,
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
