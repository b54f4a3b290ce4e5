import { whyNoPassword } from '../../core/secrets/passwords.ts'
import type { Rule, RuleObject } from './context.ts'

/**
 * A secret that cannot be meant: servers from 3.73 take an empty one and send it to the upstream, and all of them take their own
 * placeholder for the password itself (nexus-api section 7).
 */
export const meantSecrets: Rule = ({ config, objects, report, reportAt }) => {
  for (const target of objects) {
    for (const [field, value] of secretsOf(target)) {
      const finding = findingOf(field, value)
      if (finding) report(target, field, finding)
    }
  }
  const { nexus, bootstrap } = config
  const own = [
    [['nexus', 'password'], nexus.password],
    [['bootstrap', 'initialPassword'], bootstrap?.initialPassword],
  ] as const
  for (const [path, value] of own) {
    const finding = findingOf(path[1], value)
    if (finding) reportAt(path, finding)
  }
}

function secretsOf({ object, values }: RuleObject): (readonly [string, unknown])[] {
  return Object.entries(values).filter(([field]) => object.kind.fields[field]?.options.secret)
}

function findingOf(field: string, value: unknown) {
  const why = typeof value === 'string' ? whyNoPassword(value) : undefined
  if (why === undefined) return undefined
  return {
    code: 'invalid-secret',
    message: `${field}: this is ${why}`,
    hint: 'write the secret itself, {env: NAME} or {file: path}',
  }
}
