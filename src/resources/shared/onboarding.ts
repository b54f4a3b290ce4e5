import * as z from 'zod'
import type { Read } from '../../nexus/answer-shape.ts'

/**
 * What the web interface still asks of an administrator: `GET /internal/ui/onboarding`, since 3.17 (nexus-api section 5; needs nexus:*).
 * `ChangeAdminPassword`, `CommunityEula`, `ConfigureAnonymousAccess`.
 */
export const onboarding: Read<ReadonlySet<string>> = {
  path: '/service/rest/internal/ui/onboarding',
  what: 'read what the first start still asks for',
  expected: 'a list of steps',
  schema: z
    .array(z.looseObject({ type: z.string() }))
    .transform((steps) => new Set(steps.map(({ type }) => type))),
}
