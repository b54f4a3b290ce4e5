import type { RoutingRuleXO } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import { textOf } from '../core/json.ts'
import type { Read } from '../nexus/answer-shape.ts'
import { answerOf, named } from './contract/answer.ts'
import { requestsTo } from './contract/collection.ts'
import { fieldsOf, schemaOf } from './contract/fields.ts'
import type { Kind } from './contract/kind.ts'
import { patternProblem } from './contract/patterns.ts'
import { eachOf, eachText } from './contract/rule.ts'
import { nonEmptyText, words } from './contract/schemas.ts'

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
    toWire: (value) => textOf(value).toUpperCase() as 'ALLOW',
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

const requests = requestsTo({
  path: list.path,
  label: 'routing rule',
  expected: 'that routing rule',
  schema: (id) => named(rule, id),
})

/** Nexus refuses a matcher that Java does not compile: 400 "Invalid regex" (nexus-api 2.17). */
const validMatchers = eachOf<typeof fields>('routingRule', (rule, { report }) => {
  eachText(rule, 'matchers', (matcher, field) => {
    const finding = patternProblem(matcher, '^/v2/acme/.*')
    if (finding) report(rule, field, finding)
  })
})

/** Routing rule: which paths a proxy may fetch from its upstream. `/v1/routing-rules`, Nexus 3.24 and later. */
export const routingRule: Kind<typeof fields> = {
  kind: 'routingRule',
  label: 'routing rule',
  namespace: 'routingRule',
  section: { key: 'routingRules', form: 'map' },
  schema: schemaOf(fields),
  fields,
  rules: [validMatchers],
  references: () => [],
  naming: { noun: 'routing rule', missing: 'routing-rule-missing' },
  first: list,
  async list(reads) {
    const rules = await reads.get(list)
    return rules.map((wire) => ({ id: wire.name, wire }))
  },
  async occupants(reads) {
    const rules = await reads.find(list)
    return rules?.map(({ name }) => ({ id: name, label: routingRule.label, kind: routingRule.kind }))
  },
  async find(nexus, id) {
    const wire = await requests.find(nexus, id)
    return wire && { id, wire }
  },
  create: (nexus, { id, body }) => requests.create(nexus, id, { ...body, name: id }),
  // A body without the name, or with another one, would rename the rule (nexus-api 2.17).
  update: (nexus, { id, body }) => requests.update(nexus, id, { ...body, name: id }),
}
