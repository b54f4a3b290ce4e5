import type { RoutingRuleXO } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import { isObject, textOf } from '../core/json.ts'
import type { Actual, Kind } from './define.ts'
import { fieldsOf, schemaOf } from './fields.ts'
import { objects } from './shared/docker-repository.ts'
import { nonEmptyText, words } from './shared/schemas.ts'

const listPath = '/service/rest/v1/routing-rules'
const onePath = (id: string) => `${listPath}/${encodeURIComponent(id)}`

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
    const rules = objects(await reads.get(listPath, 'list the routing rules'))
    return rules.map((wire): Actual => ({ id: textOf(wire['name']), wire }))
  },
  async occupants(reads) {
    const rules = await reads.find(listPath, 'list the routing rules')
    if (!Array.isArray(rules)) return undefined
    return objects(rules).map((rule) => ({ id: textOf(rule['name']), label: 'routing rule' }))
  },
  async find(nexus, id) {
    const response = await nexus.request({
      method: 'GET',
      path: onePath(id),
      what: `read routing rule "${id}"`,
      allow: [404],
    })
    return response.status === 200 && isObject(response.body) ? { id, wire: response.body } : undefined
  },
  async create(nexus, id, body) {
    await nexus.request({
      method: 'POST',
      path: listPath,
      json: { ...body, name: id },
      what: `create routing rule "${id}"`,
    })
  },
  async update(nexus, id, body) {
    // A body without the name, or with another one, would rename the rule (nexus-api 2.17).
    await nexus.request({
      method: 'PUT',
      path: onePath(id),
      json: { ...body, name: id },
      what: `update routing rule "${id}"`,
    })
  },
}
