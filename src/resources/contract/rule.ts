import { type Capability, offers } from '../../nexus/capabilities.ts'
import type { KindDescription, Naming } from './description.ts'
import type { FieldTable, ValuesOf } from './fields.ts'
import type { DesiredObject, ExternalObject, Namespace } from './object.ts'

/**
 * What a run does with an object: makes it, changes it, or leaves it as it is. A neighbour is what the server has and the file does not
 * describe: rules look at it, and nothing is told of it.
 */
export type Part = 'created' | 'changed' | 'kept' | 'neighbour'

const partsInOrder: readonly (Part | undefined)[] = ['neighbour', 'kept', 'changed', 'created', undefined]

/** What is there already before what is made: of two that do not go together, whoever comes last is told. */
export function thereFirst<Item>(items: readonly Item[], partOf: (item: Item) => Part | undefined): Item[] {
  return items.toSorted((a, b) => partsInOrder.indexOf(partOf(a)) - partsInOrder.indexOf(partOf(b)))
}

/** One object with its values, as rules read it. */
export interface RuleObject<Fields extends FieldTable = FieldTable> {
  id: string
  kind: KindDescription
  object: DesiredObject
  values: ValuesOf<Fields>
  /** What else was asked of the server about it; undefined where nothing was. */
  raw?: unknown
  /** Undefined where no server was asked. */
  part?: Part
}

export interface Finding {
  code: string
  message: string
  hint: string
  severity?: 'error' | 'warning'
  /** A server refuses it (the rule says which): it is looked for in what will be sent too. */
  refused?: boolean
  /** Only a server knows whether it holds: `validate` tells it of the file, every other run of what it will send. */
  untilAsked?: boolean
  /** A warning of what the server has, also where nothing is sent and it has been like that before. */
  standing?: boolean
  /**
   * What is not there and is the reason: fields of the object, for `reportAt` paths of the file with what is in them. Where one of them is in
   * the file but wrong, that is told already.
   */
  absent?: readonly string[]
}

/** What is known of the server without asking it: what the file says, and the URL that is really used. */
export interface KnownServer {
  url?: string | undefined
  version?: string | undefined
  edition?: 'oss' | 'community' | 'pro' | undefined
  /** Where a flag or the environment overrides the file's. */
  usedUrl?: string | undefined
}

/** Steps from the root of the file to a key or an item. */
export type FilePath = readonly (string | number)[]

export interface RuleContext {
  /** Those that the file describes. */
  objects: readonly RuleObject[]
  externals: readonly ExternalObject[]
  /** What the file has in the sections of intents, by their names; of one that is wrong the parts that are right. */
  sections: Readonly<Record<string, unknown>>
  server: KnownServer
  /**
   * Objects of kinds that share a namespace, or of one kind, neighbours first; `Fields` are those that the caller knows them to have. A
   * neighbour may be of a kind that the tool does not manage.
   */
  inNamespace: <Fields extends FieldTable = FieldTable>(namespace: Namespace) => readonly RuleObject<Fields>[]
  ofKind: <Fields extends FieldTable = FieldTable>(kind: string) => readonly RuleObject<Fields>[]
  /** Whether the file itself has something else than null there, not only an intent. */
  isWritten: (path: FilePath) => boolean
  /** Every name in a section of the file, also of objects that have problems of their own. */
  namesIn: (section: string) => readonly string[]
  /** How names of a namespace are called; undefined where nothing refers to them. */
  naming: (namespace: Namespace) => Naming | undefined
  /** Reports a problem at a field of an object (empty: the object's name); of a neighbour nothing is reported. */
  report: (object: Pick<RuleObject, 'object' | 'part'>, field: string, finding: Finding) => void
  /** Reports a problem at any path of the file. */
  reportAt: (path: FilePath, finding: Finding, at?: 'key' | 'value') => void
}

/**
 * A rule looks at objects together and reports what is wrong; it never throws. It is run on the file alone, and once more on what will be:
 * the server's values under those of the file, among everything else that the server has.
 */
export type Rule = (context: RuleContext) => void

/** Whether the server is known to be too old for something. */
export function isTooOldFor({ version }: KnownServer, capability: Capability): boolean {
  return version !== undefined && !offers({ version, edition: 'unknown' }, capability)
}

/**
 * How something counts that servers refuse from some version on, and older ones take: it is an error where the server is known to be one
 * of the former. `validate` may not know, and warns.
 */
export function refusedBy(
  server: KnownServer,
  capability: Capability,
): Pick<Finding, 'severity' | 'refused' | 'untilAsked'> {
  const refuses = server.version !== undefined && !isTooOldFor(server, capability)
  return refuses ? { refused: true } : { severity: 'warning', untilAsked: true }
}

/** A rule for each object of one kind alone. */
export function eachOf<Fields extends FieldTable>(
  kind: string,
  check: (object: RuleObject<Fields>, context: RuleContext) => void,
): Rule {
  return (context) => {
    for (const object of context.ofKind<Fields>(kind)) check(object, context)
  }
}

/** Calls back for every text of a list field with the path of the item. */
export function eachText<Fields extends FieldTable>(
  { values }: Pick<RuleObject<Fields>, 'values'>,
  field: keyof Fields & string,
  visit: (text: string, field: string) => void,
): void {
  const list: unknown = values[field]
  if (!Array.isArray(list)) return
  for (const [index, text] of list.entries()) visit(String(text), `${field}[${index}]`)
}

/** `members[0]` or `quota.limit` as steps below an object's path. */
export function fieldSteps(field: string): (string | number)[] {
  if (field === '') return []
  return field.split('.').flatMap((part) => {
    const match = /^(.*)\[(\d+)\]$/.exec(part)
    return match ? [match[1] ?? '', Number(match[2])] : [part]
  })
}
