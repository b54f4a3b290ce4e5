import type { Config } from '../config/config.ts'
import type { UserError } from '../core/errors.ts'
import { lineStarts, positionAt } from '../core/position.ts'
import type { Problem, SourceFile } from '../core/problem.ts'
import type { Change, Plan, Summary } from '../plan/types.ts'
import type { Refusal } from '../resources/contract/kind.ts'
import { type PlacedProblem, placeProblems } from '../yaml/code-frame.ts'
import { type Path, spanAt } from '../yaml/located.ts'

/** The version of every JSON document that the tool prints. */
export const formatVersion = 1

type ErrorDocument = Pick<PlacedProblem, 'code' | 'message' | 'hint'>

export function errorDocument({ code, message, hint }: Pick<UserError, keyof ErrorDocument>): ErrorDocument {
  return { code, message, ...(hint !== undefined && { hint }) }
}

/** Problems as data. What the file accepts (`x-accept`) stands beside them, where there is something. */
export function problemsDocument(
  problems: readonly Problem[],
  { accepted, sources }: { accepted: readonly Problem[]; sources: readonly SourceFile[] },
) {
  return {
    problems: placeProblems(problems, sources),
    ...(accepted.length > 0 && { accepted: placeProblems(accepted, sources) }),
  }
}

export type PlanDocument = ReturnType<typeof planDocument>
export type ChangeDocument = PlanDocument['changes'][number]

/** A plan as data, without a secret in it: what `plan -o json` prints, and all that the other renderers read. */
export function planDocument(input: {
  plan: Plan
  config: Config
  sources: readonly SourceFile[]
  problems: readonly Problem[]
  accepted: readonly Problem[]
  url: string
  requests: { total: number; writes: number }
}) {
  const { plan, config, sources, problems, url, requests } = input
  const placeOf = placer(config, sources)
  return {
    formatVersion,
    server: serverDocument(plan, url),
    files: sources.map((source) => source.name),
    summary: plan.summary,
    changes: plan.changes.map((change) => changeDocument(change, placeOf)),
    unmanaged: plan.unmanaged.map(({ kind, id }) => ({ kind, id })),
    ...problemsDocument(problems, input),
    requests: { ...requests },
  }
}

export function serverDocument({ server: { version, edition } }: Plan, url: string) {
  return { url, version, edition }
}

/** What is done, or would be if it were not refused. */
export type Action = Exclude<keyof Summary, 'unchanged' | 'refused'>

export function actionOf(change: Change): Action {
  return change.action === 'refused' ? change.wanted : change.action
}

/** The object that a change is about, as every document names it. */
export function changedObject(change: Change) {
  const { kind, id, label } = change
  return { action: actionOf(change), kind, id, label }
}

/** Settings of the server, of which there is one: `HTTP proxy`, `admin password`. The label names them. */
export function isOnlyOne({ label, title }: Pick<Change, 'label' | 'title'>): boolean {
  return title === label
}

/** `place`: where the file has it. `resentSecrets` are sent along, although nobody can tell whether they differ. */
function changeDocument(change: Change, placeOf: (path: Path) => string | undefined) {
  const { fields, object, resentSecrets } = change
  const place = placeOf(object.path)
  return {
    ...changedObject(change),
    title: change.title,
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
