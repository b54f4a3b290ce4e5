import type { NexusRequest } from '../connection.ts'

type Method = NexusRequest['method']

/** What an action is called in privileges. */
const CRUD: Readonly<Record<Method, string>> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
}
const ADMIN: Readonly<Record<Method, string>> = {
  ...CRUD,
  POST: 'add',
  PUT: 'edit',
  PATCH: 'edit',
}

/** First match wins. From nexus-api section 2 (the permissions in the headings); the names are those of the built-in privileges. */
const PRIVILEGES: readonly (readonly [path: RegExp, privilege: (method: Method) => string])[] = [
  [/^\/v1\/blobstores/, (method) => `nx-blobstores-${CRUD[method]}`],
  [/^\/v1\/repositor(ies|ySettings)/, (method) => `nx-repository-admin-*-*-${ADMIN[method]}`],
  [/^\/v1\/security\/(realms|anonymous)/, (method) => `nx-settings-${method === 'GET' ? 'read' : 'update'}`],
  [/^\/v1\/http/, (method) => `nx-settings-${method === 'GET' ? 'read' : 'update'}`],
  [/^\/v1\/security\/users\/[^/]+\/change-password/, () => 'nx-all'],
  [/^\/v1\/security\/users/, (method) => `nx-users-${CRUD[method]}`],
  [/^\/v1\/security\/roles/, (method) => `nx-roles-${CRUD[method]}`],
  [/^\/v1\/security\/privileges/, (method) => `nx-privileges-${CRUD[method]}`],
  [/^\/v1\/security\/content-selectors/, (method) => `nx-selectors-${CRUD[method]}`],
  [/^\/v1\/security\/ssl/, (method) => `nx-ssl-truststore-${CRUD[method]}`],
  [/^\/v1\/status\/check/, () => 'nx-metrics-all'],
  [/^\/(v1|internal)\//, () => 'nx-all'],
]

/** The privilege that a refused request most likely needs, e.g. `nx-blobstores-create`; undefined where that is not known. */
export function likelyPrivilege(method: Method, path: string): string | undefined {
  const below = path.replace(/^\/service\/rest/, '')
  return PRIVILEGES.find(([pattern]) => pattern.test(below))?.[1](method)
}
