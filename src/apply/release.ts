import { sectionOf } from '../core/json.ts'
import { diffValues, layOver } from '../plan/diff.ts'
import { planObject } from '../plan/plan.ts'
import type { Change } from '../plan/types.ts'
import type { FieldTable, Values } from '../resources/contract/fields.ts'
import { secretsOf } from './body.ts'
import { changedSincePlan, deletedSincePlan, sameChanges } from './compare.ts'
import type { WriteContext } from './types.ts'
import { refusedNow } from './update.ts'

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
  const { id, object } = change
  const kind = context.kinds.named(change.kind)
  const current = await kind.find(context.nexus, id, object.spec)
  if (!current) throw deletedSincePlan(change)
  const now = planObject(object, current, context)
  const fields = now?.fields ?? []
  if (!sameChanges(kind.fields, fields, change.fields))
    throw changedSincePlan(kind, change.fields, fields, current)
  // Somebody may have given it a login meanwhile, which this request would drop.
  if (now?.action === 'refused') throw refusedNow(now.refusal)
  const values = kind.desired?.(object.spec, current) ?? change.values
  const secrets = secretsOf(change, context)
  const released = Object.fromEntries(ports.map((port) => [port, null]))
  const kept = sectionsWithSecrets(kind.fields, values)
  const body = layOver(kind, current.wire, { ...kept, ...secrets, ...released })
  await kind.update(context.nexus, { id, body, current, secrets, changed: Object.keys(released) })
  const after = { ...current, wire: body }
  context.released.set(
    change,
    diffValues(kind, values, after, { because: object.because, ...context.options }),
  )
  return true
}

function sectionsWithSecrets(fields: FieldTable, values: Values): Values {
  const sections = Object.entries(fields)
    .filter(([, field]) => field.options.secret)
    .map(([path]) => sectionOf(path))
  const concerns = (path: string) =>
    sections.some((section) => path === section || path.startsWith(`${section}.`))
  return Object.fromEntries(Object.entries(values).filter(([path]) => concerns(path)))
}
