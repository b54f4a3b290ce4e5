import type { Config } from '../config/config.ts'
import type { UserError } from '../core/errors.ts'
import { lineStarts, positionAt } from '../core/position.ts'
import type { Problem, SourceFile } from '../core/problem.ts'
import type { Change, FieldChange, Named, Plan, Summary } from '../plan/types.ts'
import type { Refusal } from '../resources/contract/kind.ts'
import { type PlacedProblem, placeProblems } from '../yaml/code-frame.ts'
import { type Path, spanAt } from '../yaml/located.ts'

/** The version of every JSON document that the tool prints. */
export const formatVersion = 1

export interface ServerDocument {
  url: string
  version: string
  edition: string
}

export type ErrorDocument = Pick<PlacedProblem, 'code' | 'message' | 'hint'>

export function errorDocument({ code, message, hint }: Pick<UserError, keyof ErrorDocument>): ErrorDocument {
  return { code, message, ...(hint !== undefined && { hint }) }
}

export interface ObjectDocument {
  kind: string
  id: string
}

export interface ChangeDocument extends ObjectDocument {
  action: Action
  label: string
  /** Where the file has it: `repos.yml:12`. */
  place?: string
  fields: FieldChange[]
  /** Secrets that are sent along, although nobody can tell whether they differ. */
  resentSecrets: string[]
  refused?: Omit<Refusal, 'path'>
}

/** A plan as data: what `plan -o json` prints, and all that the other renderers read. */
export interface PlanDocument {
  formatVersion: typeof formatVersion
  server: ServerDocument
  files: string[]
  summary: Summary
  changes: ChangeDocument[]
  unmanaged: ObjectDocument[]
  problems: PlacedProblem[]
  requests: { total: number; writes: number }
}

/** The plan as data, without a secret in it. */
export function planDocument(input: {
  plan: Plan
  config: Config
  sources: readonly SourceFile[]
  problems: readonly Problem[]
  url: string
  requests: { total: number; writes: number }
}): PlanDocument {
  const { plan, config, sources, problems, url, requests } = input
  const placeOf = placer(config, sources)
  return {
    formatVersion,
    server: serverDocument(plan, url),
    files: sources.map((source) => source.name),
    summary: plan.summary,
    changes: plan.changes.map((change) => changeDocument(change, placeOf)),
    unmanaged: plan.unmanaged.map(objectDocument),
    problems: placeProblems(problems, sources),
    requests: { ...requests },
  }
}

export function serverDocument(plan: Plan, url: string): ServerDocument {
  return { url, version: plan.server.version, edition: plan.server.edition }
}

function objectDocument({ kind, id }: Named): ObjectDocument {
  return { kind, id }
}

/** What is done, or would be if it were not refused. */
export type Action = Exclude<keyof Summary, 'unchanged'>

export function actionOf(change: Change): Action {
  return change.action === 'refused' ? change.wanted : change.action
}

/** The object that a change is about, as every document names it. */
export function changedObject(change: Change) {
  const { kind, id, label } = change
  return { action: actionOf(change), kind, id, label }
}

function changeDocument(change: Change, placeOf: (path: Path) => string | undefined): ChangeDocument {
  const { fields, object, resentSecrets } = change
  const place = placeOf(object.path)
  return {
    ...changedObject(change),
    ...(place !== undefined && { place }),
    fields,
    resentSecrets,
    ...(change.action === 'refused' && { refused: withoutPath(change.refusal) }),
  }
}

function withoutPath({ code, message, hint }: Refusal): Omit<Refusal, 'path'> {
  return { code, message, hint }
}

/** Says where the file has an object: `repos.yml:12`. Each source is split into lines once. */
function placer(config: Config, sources: readonly SourceFile[]): (path: Path) => string | undefined {
  const starts = new Map(sources.map(({ name, text }) => [name, lineStarts(text)]))
  return (path) => {
    const span = spanAt(config.root, path, 'key')
    const lines = starts.get(span.file)
    return lines && `${span.file}:${positionAt(lines, span.start).line + 1}`
  }
}
