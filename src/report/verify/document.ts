import type { Config } from '../../config/config.ts'
import { lineStarts, positionAt } from '../../core/position.ts'
import type { SourceFile } from '../../core/problem.ts'
import type { Where } from '../../verify/causes/cause.ts'
import type { Diagnosis } from '../../verify/diagnose.ts'
import type { ServerFacts } from '../../verify/evidence.ts'
import type { CheckResult, Verified } from '../../verify/run.ts'
import { spanAt } from '../../yaml/located.ts'
import { formatVersion } from '../document.ts'

export type VerifyDocument = ReturnType<typeof verifyDocument>
export type CheckDocument = VerifyDocument['checks'][number]

/** What to change. A field of the file has its place, as far as the file has it: `path` is dotted, line and column are from 1. */
type Place =
  | Exclude<Where, { kind: 'file' }>
  | { kind: 'file'; path: string; file: string; line: number; column: number }

/** What `verify -o json` prints, and all that the other renderers read. */
export function verifyDocument(
  { results, interrupted }: Verified,
  about: {
    server: Pick<ServerFacts, 'url' | 'version' | 'edition'>
    config: Pick<Config, 'root'>
    sources: readonly SourceFile[]
    milliseconds: number
  },
) {
  const { url, version, edition } = about.server
  const count = (status: CheckResult['status']) => results.filter((result) => result.status === status).length
  return {
    formatVersion,
    server: { url, ...(version !== undefined && { version, edition }) },
    files: about.sources.map(({ name }) => name),
    checks: results.map((result) => checkDocument(result, placer(about))),
    summary: {
      passed: count('passed'),
      failed: count('failed'),
      skipped: count('skipped'),
      milliseconds: Math.round(about.milliseconds),
    },
    interrupted,
  }
}

function checkDocument(result: CheckResult, place: (where: Where) => Place) {
  const { repository, check, title, status, milliseconds, note, needs, diagnosis } = result
  return {
    id: `${repository}.${check}`,
    repository,
    title,
    status,
    milliseconds,
    ...(note !== undefined && { note }),
    ...(needs !== undefined && { needs: `${repository}.${needs}` }),
    ...(diagnosis && { cause: causeDocument(diagnosis, place) }),
  }
}

function causeDocument({ code, message, hint, where }: Diagnosis, place: (where: Where) => Place) {
  return { code, message, hint, where: place(where) }
}

/** Says where the file has a field, or what it would stand in. */
function placer({ config, sources }: { config: Pick<Config, 'root'>; sources: readonly SourceFile[] }) {
  return (where: Where): Place => {
    if (where.kind !== 'file') return where
    const span = spanAt(config.root, where.path, 'key')
    const text = sources.find(({ name }) => name === span.file)?.text ?? ''
    const { line, column } = positionAt(lineStarts(text), span.start)
    return { kind: 'file', path: where.path.join('.'), file: span.file, line: line + 1, column: column + 1 }
  }
}

/** What to change, as one text: `repos.yml:12:5 (repositories.docker.httpPort)`. */
export function placeText(place: Place): string {
  switch (place.kind) {
    case 'file':
      return `${place.file}:${place.line}:${place.column} (${place.path})`
    case 'proxy':
      return `reverse proxy: ${place.line}`
    case 'server':
      return `server: ${place.setting}`
    case 'command':
      return `command line: ${place.option}`
  }
}
