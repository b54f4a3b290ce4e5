// Routing rules (nexus-api 2.17): proxies name them, the server keeps the reference when a rule is renamed.
import { javaPatternProblem } from '../../core/java/pattern.ts'
import { withoutQuotes } from '../../core/java/words.ts'
import { type Bean, type Decoded, decodeBean, nameRule } from '../kernel/body.ts'
import { bodyRoute } from '../kernel/body-route.ts'
import { emptyFault, message, readOnly, type Violation, violations } from '../kernel/replies.ts'
import type { State } from '../kernel/state.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'

type Rule = State['routingRules'][number]
/** A rule as it is sent. */
type Sent = { [Key in keyof Rule]?: Rule[Key] | null }

const BEAN: Bean = {
  name: { type: 'string' },
  description: { type: 'string' },
  mode: {
    type: 'string',
    values: ['ALLOW', 'BLOCK'],
    javaType: 'org.sonatype.nexus.repository.routing.RoutingMode',
  },
  matchers: { type: 'strings' },
}

function users(state: State, rule: Rule): Record<string, unknown>[] {
  return state.repositories
    .map((entry) => entry.attributes)
    .filter((entry) => entry['routingRuleName'] === rule.name)
}

/** Whether the rule of a proxy keeps a path, which starts with a slash, from being fetched; a matcher matches as a whole. */
export function isBlocked(
  { routingRules }: State,
  attributes: Record<string, unknown>,
  path: string,
): boolean {
  const rule = routingRules.find(({ name }) => name === attributes['routingRuleName'])
  if (!rule) return false
  const isMatched = rule.matchers.some((matcher) => expressionOf(matcher)?.test(path))
  return isMatched === (rule.mode === 'BLOCK')
}

/**
 * A Java pattern as JavaScript's, as far as that has words for it: flags at the beginning are its own, quotes are written out, and what is
 * repeated possessively is repeated greedily. Undefined for what is left: such a matcher matches nothing here.
 */
function expressionOf(matcher: string): RegExp | undefined {
  const plain = withoutQuotes(Array.from(matcher)).join('')
  const [, flags = '', body = plain] = /^\(\?([ims]+)\)(.*)$/s.exec(plain) ?? []
  const greedy = body.replaceAll(/(?<!\\)([*+?}])\+/g, '$1')
  for (const source of [body, greedy]) {
    try {
      return new RegExp(`^(?:${source})$`, flags)
    } catch {}
  }
  return undefined
}

function find({ state, params }: Context): Rule | undefined {
  return state.routingRules.find((rule) => rule.name === params['name'])
}

function notFound({ profile, params }: Context): Reply {
  return message(profile, 404, `Did not find a routing rule with the name '${params['name']}'`)
}

function matcherProblems(matchers: readonly (string | null)[]): Violation[] {
  return matchers.flatMap((matcher, index) => {
    const id = `matchers[${index}]`
    if (!matcher) return [{ id, message: 'Empty matchers are not allowed' }]
    return javaPatternProblem(matcher) ? [{ id, message: `Invalid regex: ${matcher}` }] : []
  })
}

function fieldProblems(context: Context, rule: Sent): Violation[] {
  const { name, description, mode, matchers } = rule
  const found: Violation[] = []
  if (!name) found.push({ id: 'name', message: 'A non-empty value must be specified' })
  else if (!nameRule.holds(name)) found.push({ id: 'name', message: nameRule.message(context.profile) })
  if (description == null) found.push({ id: 'description', message: 'A non-null value must be specified' })
  if (!mode) found.push({ id: 'mode', message: 'A non-empty value must be specified' })
  if (!matchers?.length) found.push({ id: 'matchers', message: 'At least one rule must be specified' })
  return [...found, ...matcherProblems(matchers ?? [])]
}

/** Whether the name is free is asked when all else is right, and told alone. */
function problemsOf(context: Context, rule: Sent, current: Rule | undefined): Violation[] {
  const found = fieldProblems(context, rule)
  if (found.length > 0) return found
  const isTaken = context.state.routingRules.some((other) => other.name === rule.name && other !== current)
  const message = 'A rule with the same name already exists. Name must be unique.'
  return isTaken ? [{ id: 'name', message }] : []
}

function decode({ request }: Context): Decoded<Sent> {
  return decodeBean<Sent>(request.body, BEAN, { value: {} })
}

/** Creates a rule, or replaces `current`: its name may change, and repositories follow. */
function write(context: Context, sent: Sent, current: Rule | undefined): Reply {
  const found = problemsOf(context, sent, current)
  if (found.length > 0) return violations(found)
  if (context.state.frozen) return readOnly()
  const rule = sent as Rule
  if (current) {
    for (const attributes of users(context.state, current)) attributes['routingRuleName'] = rule.name
    Object.assign(current, rule)
  } else context.state.routingRules.push(rule)
  return { status: 204 }
}

function create(context: Context, sent: Sent): Reply {
  return write(context, sent, undefined)
}

function update(context: Context, sent: Sent): Reply {
  const current = find(context)
  return current ? write(context, sent, current) : notFound(context)
}

/** Also open to anyone with a repository-admin privilege (R `permissions/*-rules`). */
function mayRead({ state, may }: Context): boolean {
  return (
    may('nexus:*') ||
    state.repositories.some(({ format, name }) => may(`nexus:repository-admin:${format}:${name}:read`))
  )
}

function list(context: Context): Reply {
  return mayRead(context) ? { status: 200, body: context.state.routingRules } : emptyFault(403)
}

function get(context: Context): Reply {
  if (!mayRead(context)) return emptyFault(403)
  const rule = find(context)
  return rule ? { status: 200, body: rule } : notFound(context)
}

function remove(context: Context): Reply {
  const rule = find(context)
  if (!rule) return notFound(context)
  const inUse = users(context.state, rule).length
  if (inUse > 0)
    return message(context.profile, 400, `Routing rule is still in use by ${inUse} repositories.`)
  if (context.state.frozen) return readOnly()
  context.state.routingRules = context.state.routingRules.filter((other) => other !== rule)
  return { status: 204 }
}

const PATH = '/v1/routing-rules'
const SINGLE = `${PATH}/:name`

export const routingRuleRoutes: readonly Route[] = [
  { method: 'GET', path: PATH, handler: list },
  bodyRoute({ method: 'POST', path: PATH, permission: 'nexus:*' }, decode, create),
  { method: 'GET', path: SINGLE, handler: get },
  bodyRoute({ method: 'PUT', path: SINGLE, permission: 'nexus:*' }, decode, update),
  { method: 'DELETE', path: SINGLE, handler: remove, permission: 'nexus:*' },
]
