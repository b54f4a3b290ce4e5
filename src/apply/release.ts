import { UserError } from '../core/errors.ts'
import { diffValues, layOver } from '../plan/diff.ts'
import { planObject } from '../plan/plan.ts'
import type { Change } from '../plan/types.ts'
import type { Kind } from '../resources/define.ts'
import type { Values } from '../resources/fields.ts'
import { changedSincePlan, deletedSincePlan, sameChanges } from './compare.ts'
import type { WriteContext } from './types.ts'

/**
 * Gives ports up in a request of its own, so that another repository can take them. Everything else waits for the change itself,
 * but for sections with a secret: Nexus drops a secret that a PUT leaves out (nexus-api 7). Notes in the context what is left to
 * change, so that the change that follows does not take the plan's own release for somebody else's work.
 */
export async function releasePorts(
  change: Change,
  ports: readonly string[],
  context: WriteContext,
): Promise<boolean> {
  const { kind, id } = change
  const current = await kind.find(context.nexus, id, change.object.spec)
  if (!current) throw deletedSincePlan(change)
  const now = planObject(change.object, current, context.state, { rotateSecrets: context.rotateSecrets })
  const fields = now?.fields ?? []
  if (!sameChanges(kind, fields, change.fields))
    throw changedSincePlan(change, change.fields, fields, current)
  // Somebody may have given it a login meanwhile, which this request would drop.
  if (now?.refused) throw new UserError(now.refused.code, now.refused.message, { hint: now.refused.hint })
  const values = kind.desired?.(change.object.spec, current) ?? change.values
  const released = Object.fromEntries(ports.map((port) => [port, null]))
  const body = layOver(kind, current.wire, { ...sectionsWithSecrets(kind, values), ...released })
  await kind.update(context.nexus, id, body, current)
  const after = { ...current, wire: body }
  context.released.set(
    change,
    diffValues(kind, values, after, {
      because: change.object.because,
      rotateSecrets: context.rotateSecrets,
    }),
  )
  return true
}

function sectionsWithSecrets(kind: Kind, values: Values): Values {
  const sections = Object.entries(kind.fields)
    .filter(([, field]) => field.options.secret)
    .map(([path]) => path.split('.').slice(0, -1).join('.'))
  const concerns = (path: string) =>
    sections.some((section) => path === section || path.startsWith(`${section}.`))
  return Object.fromEntries(Object.entries(values).filter(([path]) => concerns(path)))
}
