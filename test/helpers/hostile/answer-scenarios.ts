import type { Scenario } from './answer-shapes.ts'

/** Everything that exists is changed, and something of each kind is made. */
const before = {
  httpProxy: {
    http: { host: 'proxy.corp', port: 3128, authentication: { username: 'nexus', password: 'proxy-secret' } },
    timeout: 30,
  },
  blobStores: { images: { path: 'images', quota: { type: 'spaceUsed', limit: 2_000_000_000 } } },
  repositories: {
    apps: { type: 'hosted', blobStore: 'images', httpPort: 8083 },
    hub: {
      type: 'proxy',
      remoteUrl: 'https://registry-1.docker.io',
      blobStore: 'images',
      authentication: { username: 'robot', password: 'hub-secret' },
    },
    all: { type: 'group', blobStore: 'images', members: ['apps', 'hub'] },
  },
  routingRules: { old: { mode: 'block', matchers: ['^/v2/a/.*'] } },
}

const document = {
  anonymousPull: true,
  // Neither the proxy nor its login: both stay.
  httpProxy: { exclude: ['localhost', '*.corp'] },
  realms: { ensure: ['DockerToken'] },
  blobStores: {
    images: { path: 'images', quota: { type: 'spaceUsed', limit: 3_000_000_000 } },
    more: {},
  },
  repositories: {
    apps: { type: 'hosted', blobStore: 'images', httpPort: 8084, online: false },
    hub: {
      type: 'proxy',
      remoteUrl: 'https://registry-1.docker.io',
      blobStore: 'images',
      httpPort: 8083,
      routingRule: 'old',
      authentication: { username: 'robot', password: 'hub-secret' },
    },
    late: { type: 'hosted', blobStore: 'more' },
    all: { type: 'group', blobStore: 'images', members: ['hub', 'apps', 'late'] },
  },
  routingRules: {
    old: { mode: 'block', matchers: ['^/v2/b/.*'] },
    new: { mode: 'allow', matchers: ['^/v2/c/.*'] },
  },
}

/** By name. Versions differ in what is asked: one repository singly or not, `/v1/http` or ExtDirect, the licence. */
export const scenarios: Record<string, Scenario> = {
  'changes on 3.26.0': { server: { version: '3.26.0' }, before, document },
  'changes on 3.71.0, an answer is lost': {
    server: { version: '3.71.0' },
    before,
    document,
    lost: ['POST', '/docker/hosted'],
  },
  'changes on 3.96.0 Pro': { server: { version: '3.96.0', edition: 'pro' }, before, document },
  'first start of 3.96.0 Community': {
    server: { version: '3.96.0', edition: 'community', state: 'fresh' },
    document: {
      bootstrap: { initialPassword: 'looked-up-by-the-test', acceptEula: true },
      httpProxy: { http: { host: 'proxy.corp', port: 3128 } },
      realms: { ensure: ['DockerToken'] },
      anonymous: { enabled: true },
      blobStores: { images: { path: 'images' } },
      repositories: { apps: { type: 'hosted', blobStore: 'images', httpPort: 8083, cleanupPolicies: [] } },
    },
  },
}
