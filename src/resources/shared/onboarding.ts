import { isObject } from '../../core/json.ts'

const path = '/service/rest/internal/ui/onboarding'

/**
 * What the web interface still asks of an administrator: `GET /internal/ui/onboarding`, since 3.17 (nexus-api section 5; needs nexus:*).
 * `ChangeAdminPassword`, `CommunityEula`, `ConfigureAnonymousAccess`. Undefined where the server does not tell.
 */
export async function openSteps(
  read: (path: string, what: string) => Promise<unknown>,
): Promise<ReadonlySet<string> | undefined> {
  const steps = await read(path, 'read what the first start still asks for')
  if (!Array.isArray(steps)) return undefined
  const types = steps.map((step: unknown) => (isObject(step) ? step['type'] : undefined))
  return new Set(types.filter((type) => typeof type === 'string'))
}
