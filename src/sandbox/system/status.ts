// Status, health checks, the API document (nexus-api 1.1, 2.1).
import type { Database, Profile } from '../kernel/profile.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'

interface Check {
  name: string
  since?: string
  until?: string
  /** The only database whose servers have it. */
  database?: Database
  /** Left out where the check is healthy. */
  unhealthy?: boolean
  message?: (context: Context) => string
}

const quotaMessage = (context: Context): string =>
  `0/${context.state.blobStores.length} blob stores violating their quota<br>`

// Names by version as recorded; a check without `message` is healthy and says nothing.
const checks: readonly Check[] = [
  {
    name: 'Available CPUs',
    unhealthy: true,
    message: () =>
      'The host system is allocating a maximum of 2 cores to the application. A minimum of 4 is recommended.',
  },
  { name: 'Blob Stores', until: '3.62', message: quotaMessage },
  { name: 'Blob Stores Quota', since: '3.62', message: quotaMessage },
  { name: 'Blob Stores Ready', since: '3.62' },
  { name: 'Coordinate Content Selectors', since: '3.41', until: '3.89' },
  { name: 'Default Admin Credentials' },
  { name: 'Default Secret Encryption Key', since: '3.77' },
  { name: 'DefaultRoleRealm' },
  { name: 'File Blob Stores Path', since: '3.41' },
  { name: 'File Descriptors', until: '3.89' },
  { name: 'Lifecycle Phase', until: '3.89' },
  { name: 'Pending Upgrade Tasks', since: '3.89' },
  { name: 'Re-encryption required', since: '3.77' },
  { name: 'Read-Only Detector' },
  { name: 'Scheduler' },
  { name: 'Scripting', since: '3.41' },
  { name: 'Thread Deadlock Detector', until: '3.89' },
  { name: 'Transactions', database: 'orient' },
  { name: 'com.codahale.metrics.health.jvm.ThreadDeadlockHealthCheck', since: '3.89' },
]

function isOffered(check: Check, profile: Profile): boolean {
  if (check.database !== undefined && check.database !== profile.database) return false
  return profile.since(check.since ?? '3.0') && (check.until === undefined || !profile.since(check.until))
}

function readChecks(context: Context): Reply {
  const now = new Date()
  const offered = checks.filter((check) => isOffered(check, context.profile))
  const results = offered.map(({ name, unhealthy, message }) => [
    name,
    {
      healthy: unhealthy !== true,
      message: message?.(context) ?? null,
      error: null,
      details: null,
      time: now.getTime(),
      duration: 0,
      timestamp: now.toISOString(),
    },
  ])
  return { status: 200, body: Object.fromEntries(results) }
}

/** Status endpoints; the API document needs the other routes and is made by `swaggerRoute`. */
export const statusRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/status', handler: () => ({ status: 200 }) },
  {
    method: 'GET',
    path: '/v1/status/writable',
    handler: ({ state }) => ({ status: state.frozen ? 503 : 200 }),
  },
  {
    method: 'GET',
    path: '/v1/status/check',
    permission: 'nexus:metrics:read',
    available: (profile) => profile.since('3.20'),
    handler: readChecks,
  },
]

/** `swagger.json` lists only what the server offers, which makes it a feature probe (nexus-api 1.1). */
export function swaggerRoute(others: readonly Route[]): Route {
  return {
    method: 'GET',
    path: '/swagger.json',
    handler({ profile, baseUrl }) {
      const offered = others.filter((route) => route.root !== true)
      const paths: Record<string, Record<string, unknown>> = {}
      for (const route of offered) {
        const path = route.path.replace(/:(\w+)/g, '{$1}')
        paths[path] = { ...paths[path], [route.method.toLowerCase()]: { responses: {} } }
      }
      const info = { version: profile.fullVersion, title: 'Nexus Repository Manager REST API' }
      const base = `${new URL(baseUrl).pathname.replace(/\/$/, '')}/service/rest/`
      const head = profile.since('3.96')
        ? { openapi: '3.0.1', info, servers: [{ url: base }] }
        : { swagger: '2.0', info, basePath: base }
      return { status: 200, body: { ...head, paths } }
    },
  }
}
