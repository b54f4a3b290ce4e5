import { isExclusion } from '../../core/names.ts'
import { isLoopback } from '../../core/ports.ts'
import type { Answers, ProxyAnswer, Situation } from '../answers.ts'
import type { Asker, Choice } from '../asker.ts'
import { hasCaches } from '../connectors.ts'
import { hasPassword, type ProxyAddress, parseProxyAddress, proxyPasswordVariable } from '../proxy-offer.ts'
import { templates } from '../templates.ts'
import type { Question } from './question.ts'

/** The server's own way out. */
export const proxy: Question = {
  label: 'HTTP proxy',
  keys: ['proxy', 'proxyUsername', 'exclude'],
  applies: isUseful,
  propose: (situation) => ({ proxy: proposed(situation) }),
  ask,
  problem({ given, answers, facts }) {
    if (answers.proxy && facts.template && !facts.template.proxy)
      return `the template ${facts.template.name} has none; add httpProxy to its file afterwards`
    return answers.proxy === null && (given.proxyUsername !== undefined || given.exclude !== undefined)
      ? 'there is no proxy to exclude hosts from or to sign in to; name it with --proxy'
      : undefined
  },
  show: ({ answers }) => (answers.proxy ? `${answers.proxy.host}:${answers.proxy.port}` : 'none'),
}

/** A template may have one; without registries to cache, Nexus asks nobody outside. */
function isUseful({ facts, answers }: Situation): boolean {
  return facts.template ? facts.template.proxy !== undefined : hasCaches(answers)
}

function proposed(situation: Situation): ProxyAnswer | null {
  const { given, facts } = situation
  if (given.proxy === null || (given.proxy === undefined && !isUseful(situation))) return null
  const { proxy: present } = facts.present
  if (given.proxy === undefined && present !== undefined) return present && goneOn(present, situation)
  const address = given.proxy ?? likely(situation)
  return address ? complete(address, situation) : null
}

/** The proxy of the file at hand, with what the command line says of it. */
function goneOn(present: ProxyAnswer, { given }: Situation): ProxyAnswer {
  const username = given.proxyUsername ?? present.username
  return {
    ...present,
    ...(username !== undefined && { username }),
    exclude: given.exclude ?? present.exclude,
  }
}

/** The environment's proxy, unless it is this machine's own and Nexus is elsewhere; else the template's, if that is about one. */
function likely({ facts, answers }: Situation): ProxyAddress | undefined {
  const offer = facts.proxy
  const reachable = offer && (!isLoopback(offer.host) || isLoopback(new URL(answers.url).hostname))
  if (reachable) return offer
  return facts.template && templates[facts.template.name]?.needsProxy ? facts.template.proxy : undefined
}

function complete({ host, port, username }: ProxyAddress, { given, facts }: Situation): ProxyAnswer {
  const user = given.proxyUsername ?? username
  const known = [...(facts.template?.proxy?.exclude ?? []), ...(facts.proxy?.exclude ?? []), 'localhost']
  const exclude = given.exclude ?? [...new Set(known)]
  return { host, port, exclude, ...(user !== undefined && { username: user }) }
}

async function ask(asker: Asker, situation: Situation): Promise<Partial<Answers>> {
  const { answers } = situation
  const known = candidates(situation)
  const chosen = await asker.select({
    message: 'Does Nexus reach the internet through an HTTP proxy?',
    choices: [
      { value: 'none', name: 'No, directly' },
      ...known.map(({ choice }) => choice),
      { value: 'other', name: known.length > 0 ? 'Yes, another one' : 'Yes' },
    ],
    default: known.find(({ address }) => sameProxy(address, answers.proxy))?.choice.value ?? 'none',
  })
  if (chosen === 'none') return { proxy: null }
  const address =
    known.find(({ choice }) => choice.value === chosen)?.address ?? (await askAddress(asker, answers))
  const base = complete(address, situation)
  const start = sameProxy(address, answers.proxy) ? (answers.proxy ?? base) : base
  const { dropped = [] } = situation.facts.proxy ?? {}
  if (dropped.length > 0)
    asker.show(`NO_PROXY contains ${dropped.join(', ')}, which Nexus cannot exclude: left out.`)
  const exclude = await askExclusions(asker, start.exclude)
  if (start.username !== undefined)
    asker.show(`The proxy's password is taken from ${proxyPasswordVariable}; it is not in the file.`)
  return { proxy: { ...start, exclude } }
}

interface Candidate {
  choice: Choice
  address: ProxyAddress
}

/** The proxies that are known by name: the present answer, the environment's, the template's. */
function candidates({ answers, facts }: Situation): Candidate[] {
  const known: [string, ProxyAddress | null | undefined, string][] = [
    ['environment', facts.proxy, ` (from ${facts.proxy?.variable ?? ''})`],
    ['template', facts.template?.proxy, " (the template's)"],
    ['present', answers.proxy, ''],
  ]
  const found: Candidate[] = []
  for (const [value, address, from] of known) {
    if (!address || found.some((other) => sameProxy(other.address, address))) continue
    found.push({ choice: { value, name: `Yes, ${address.host}:${address.port}${from}` }, address })
  }
  return found
}

function sameProxy(one: ProxyAddress, other: ProxyAddress | null): boolean {
  return other !== null && one.host === other.host && one.port === other.port
}

async function askAddress(asker: Asker, { proxy: present }: Answers): Promise<ProxyAddress> {
  const text = await asker.input({
    message: 'Proxy address, host:port',
    default: present ? `${present.host}:${present.port}` : '',
    problem: proxyProblem,
  })
  const address = parseProxyAddress(text)
  if (typeof address === 'string') throw new Error(address)
  const username = await asker.input({
    message: 'User name for the proxy, or empty',
    default: address.username ?? present?.username ?? '',
    problem: () => undefined,
  })
  const { host, port } = address
  return username.trim() === '' ? { host, port } : { host, port, username: username.trim() }
}

/** A sentence for a text that is no proxy, or that has a password in it. */
export function proxyProblem(text: string): string | undefined {
  const address = parseProxyAddress(text)
  if (typeof address === 'string') return address
  return hasPassword(text) ? `leave the password out: Nexus gets it from ${proxyPasswordVariable}` : undefined
}

async function askExclusions(asker: Asker, present: readonly string[]): Promise<string[]> {
  const text = await asker.input({
    message: 'Hosts reached without the proxy, or none',
    default: present.length > 0 ? present.join(', ') : 'none',
    problem: exclusionsProblem,
  })
  return parseExclusions(text)
}

/** `a, *.b 10.*` or `none`. */
export function parseExclusions(text: string): string[] {
  const list = text.split(/[\s,]+/).filter((entry) => entry !== '')
  return list.length === 1 && list[0] === 'none' ? [] : [...new Set(list)]
}

/** A sentence for the first entry that Nexus would refuse. */
export function exclusionsProblem(text: string): string | undefined {
  const wrong = parseExclusions(text).find((entry) => !isExclusion(entry))
  if (wrong === undefined) return undefined
  return wrong.includes('/')
    ? `${wrong}: Nexus does not support networks; write 10.* for 10.0.0.0/8`
    : `${wrong}: at most one *, at the start or the end, like *.corp or 10.*`
}
