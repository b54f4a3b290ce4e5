import { type Document, isMap, isNode, isScalar, parseDocument, type Scalar, type YAMLMap } from 'yaml'
import { yamlText } from '../core/yaml-text.ts'
import type { Connector, EdgeAnswer, ProxyAnswer, Situation, TemplateNeeds } from './answers.ts'
import { edgeOf, readYaml } from './from-file.ts'
import { bootstrapSection, listValue, proxyValue, urlValue } from './yaml-text.ts'

/** What a template has that a person has to decide: the ports of its repositories, the names that clients use, and the proxy. */
export function readTemplate(name: string, text: string): TemplateNeeds {
  const document = parseDocument(text)
  const upstream: unknown = document.getIn(['edge', 'upstream'])
  return {
    name,
    connectors: connectorsIn(document),
    edge: edgeOf(readYaml(text) ?? {}),
    upstream: typeof upstream === 'string' ? upstream : undefined,
    proxy: proxyIn(document),
    isFirstStart: document.has('bootstrap'),
  }
}

function connectorsIn(document: Document): Connector[] {
  const repositories = document.get('repositories')
  if (!isMap(repositories)) return []
  return repositories.items.flatMap(({ key, value }) => {
    const port = isMap(value) ? value.get('httpPort') : undefined
    return typeof port === 'number' && isScalar(key) ? [{ repository: String(key.value), port }] : []
  })
}

function proxyIn(document: Document): ProxyAnswer | undefined {
  const section = document.get('httpProxy')
  if (!isMap(section)) return undefined
  const { http, exclude = [] } = section.toJSON() as {
    http: { host: string; port: number }
    exclude?: string[]
  }
  return { ...http, exclude }
}

/**
 * The template with the answers in their places. It is changed as a text, so that every comment stays where it was; a port or a name that
 * comments speak of changes there, too.
 */
export function fillTemplate(text: string, situation: Situation): string {
  const { answers, facts } = situation
  const { template } = facts
  const old = new Map(
    template?.connectors.map(({ repository, port }) => [port, answers.ports[repository] ?? port]),
  )
  const withPorts = withNumbers(text, old)
  const withNames =
    template?.edge && answers.edge ? placeNames(withPorts, template.edge, answers.edge) : withPorts
  const withServer = replaceValue(withNames, ['nexus', 'url'], urlValue(answers.url))
  const withProxy = template?.proxy ? placeProxy(withServer, answers.proxy) : withServer
  const section = bootstrapSection(situation)
  // Consent to a licence is the reader's own: what the template says of it is never taken over.
  const withoutOwn = template?.isFirstStart ? withoutSection(withProxy, 'bootstrap') : withProxy
  return section === '' ? withoutOwn : insertAfter(withoutOwn, 'nexus', section)
}

/** All at once: two ports may have changed places. */
function withNumbers(text: string, changed: ReadonlyMap<number, number>): string {
  return text.replaceAll(/(?<![\w.])\d+(?![\w.]*\w)/g, (written) =>
    String(changed.get(Number(written)) ?? written),
  )
}

/** Names below them change, too: `acme.registry.example.com`. All at once, as ports do. */
function placeNames(text: string, { hosts: before }: EdgeAnswer, { hosts: after }: EdgeAnswer): string {
  const roles = (['pull', 'push'] as const).filter((role) => before[role] !== after[role])
  if (roles.length === 0) return text
  const changed = new Map(roles.map((role) => [before[role] ?? '', after[role] ?? '']))
  const names = [...changed.keys()].map((name) => name.replaceAll('.', String.raw`\.`))
  const everywhere = text.replaceAll(new RegExp(names.join('|'), 'g'), (name) => changed.get(name) ?? name)
  return roles.reduce(
    (filled, role) => replaceValue(filled, ['edge', 'hosts', role], yamlText(after[role] ?? '')),
    everywhere,
  )
}

function placeProxy(text: string, proxy: ProxyAnswer | null): string {
  if (!proxy) return withoutSection(text, 'httpProxy')
  const withHttp = replaceValue(text, ['httpProxy', 'http'], proxyValue(proxy))
  return replaceValue(withHttp, ['httpProxy', 'exclude'], listValue(proxy.exclude, 2))
}

/** Replaces one value; the comment behind it stays. */
function replaceValue(text: string, path: readonly string[], value: string): string {
  const node = parseDocument(text).getIn(path, true)
  const [start, end] = (isNode(node) ? node.range : undefined) ?? []
  if (start === undefined || end === undefined) throw new Error(`the template has no ${path.join('.')}`)
  return text.slice(0, start) + value + text.slice(end)
}

/** Puts a section behind another one, with an empty line between. */
function insertAfter(text: string, key: string, section: string): string {
  const lines = text.split('\n')
  const { end } = sectionLines(text, lines, key)
  return [...lines.slice(0, end), '', ...section.trimEnd().split('\n'), ...lines.slice(end)].join('\n')
}

/** Takes a section away together with the comment above it and the empty line below. */
function withoutSection(text: string, key: string): string {
  const lines = text.split('\n')
  const { start, end } = sectionLines(text, lines, key)
  return [...lines.slice(0, start), ...lines.slice(lines[end] === '' ? end + 1 : end)].join('\n')
}

/** The lines of a top-level section from its comment on; `end` exclusive. */
function sectionLines(text: string, lines: readonly string[], key: string): { start: number; end: number } {
  const document = parseDocument(text)
  const keys = (document.contents as YAMLMap<Scalar>).items.map((pair) => pair.key)
  const offset = keys.find(({ value }) => value === key)?.range?.[0]
  if (offset === undefined) throw new Error(`the template has no ${key}`)
  const own = text.slice(0, offset).split('\n').length - 1
  let start = own
  while (start > 0 && lines[start - 1]?.startsWith('#')) start -= 1
  let end = own + 1
  while (end < lines.length && /^\s+\S/.test(lines[end] ?? '')) end += 1
  return { start, end }
}
