import type { RoutingRuleXO } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import type { Read } from '../nexus/answer-shape.ts'
import { read, when } from '../nexus/read.ts'
import type { Kind } from './define.ts'
import { fieldsOf, schemaOf } from './fields.ts'
import { answerOf, named } from './shared/answer.ts'
import { nonEmptyText, words } from './shared/schemas.ts'

const { field } = fieldsOf<RoutingRuleXO>()
const modes = words('allow', 'block')

const fields = {
  description: field('description', z.string(), {
    describe: 'What the rule is for.',
    // Nexus refuses a rule without one (nexus-api 2.17).
    default: '',
  }),
  mode: field('mode', modes.schema, {
    describe: 'block: paths that match are not fetched; allow: only paths that match are.',
    required: true,
    toWire: (value) => String(value).toUpperCase() as 'ALLOW',
    fromWire: modes.fromWire,
  }),
  matchers: field('matchers', z.array(nonEmptyText).min(1, { error: 'a rule needs at least one matcher' }), {
    describe: 'Java regular expressions, each for a whole path of the request: ^/v2/acme/.*',
    required: true,
  }),
}

const rule = answerOf(fields, { name: 'string', mode: 'string' })
type Rule = z.output<typeof rule>

const list: Read<Rule[]> = {
  path: '/service/rest/v1/routing-rules',
  what: 'list the routing rules',
  expected: 'a list of routing rules',
  schema: z.array(rule),
}

const one = (id: string): Read<Rule> => ({
  path: `${list.path}/${encodeURIComponent(id)}`,
  what: `read routing rule "${id}"`,
  expected: 'that routing rule',
  schema: named(rule, id),
})

/** Routing rule: which paths a proxy may fetch from its upstream. `/v1/routing-rules`, Nexus 3.24 and later. */
export const routingRule: Kind = {
  kind: 'routingRule',
  label: 'routing rule',
  namespace: 'routingRule',
  section: { key: 'routingRules', form: 'map' },
  schema: schemaOf(fields),
  fields,
  references: () => [],
  naming: { noun: 'routing rule', missing: 'routing-rule-missing' },
  async list(reads) {
    const rules = await reads.get(list)
    return rules.map((wire) => ({ id: wire.name, wire }))
  },
  async occupants(reads) {
    const rules = await reads.find(list)
    return rules?.map(({ name }) => ({ id: name, label: 'routing rule' }))
  },
  async find(nexus, id) {
    const wire = await read(nexus, one(id)).catch(when([404], () => undefined))
    return wire && { id, wire }
  },
  async create(nexus, id, body) {
    await nexus.request({
      method: 'POST',
      path: list.path,
      json: { ...body, name: id },
      what: `create routing rule "${id}"`,
    })
  },
  async update(nexus, id, body) {
    // A body without the name, or with another one, would rename the rule (nexus-api 2.17).
    await nexus.request({
      method: 'PUT',
      path: one(id).path,
      json: { ...body, name: id },
      what: `update routing rule "${id}"`,
    })
  },
}
