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

/** A field of the file, or what it would stand in: `path` is dotted, line and column are from 1. */
interface FilePlace {
  kind: 'file'
  path: string
  file: string
  line: number
  column: number
}

/** What to change. */
type Place = Exclude<Where, { kind: 'file' }> | FilePlace

/** The file as it was read. */
interface WrittenFile {
  config: Pick<Config, 'root'>
  sources: readonly SourceFile[]
}

/** What `verify -o json` prints, and all that the other renderers read. */
export function verifyDocument(
  { results, interrupted }: Verified,
  about: WrittenFile & {
    server: Pick<ServerFacts, 'url' | 'version' | 'edition'>
    milliseconds: number
  },
) {
  const { url, version, edition } = about.server
  const count = (status: CheckResult['status']) => results.filter((result) => result.status === status).length
  return {
    formatVersion,
    server: { url, ...(version !== undefined && { version, edition }) },
    files: about.sources.map(({ name }) => name),
    checks: results.map((result) => checkDocument(result, about)),
    summary: {
      passed: count('passed'),
      failed: count('failed'),
      skipped: count('skipped'),
      milliseconds: Math.round(about.milliseconds),
    },
    interrupted,
  }
}

function checkDocument(result: CheckResult, written: WrittenFile) {
  const { repository, check, title, status, milliseconds, note, needs, diagnosis } = result
  return {
    id: `${repository}.${check}`,
    repository,
    title,
    status,
    milliseconds,
    ...(note !== undefined && { note }),
    ...(needs !== undefined && { needs: `${repository}.${needs}` }),
    ...(diagnosis && { cause: causeDocument(diagnosis, written) }),
  }
}

function causeDocument({ code, message, hint, where }: Diagnosis, written: WrittenFile) {
  const place: Place = where.kind === 'file' ? placeInFile(where.path, written) : where
  return { code, message, hint, where: place }
}

/** Where the file has a field, else the deepest of what it would stand in. */
export function placeInFile(path: readonly (string | number)[], { config, sources }: WrittenFile): FilePlace {
  const span = spanAt(config.root, path, 'key')
  const text = sources.find(({ name }) => name === span.file)?.text ?? ''
  const { line, column } = positionAt(lineStarts(text), span.start)
  return { kind: 'file', path: path.join('.'), file: span.file, line: line + 1, column: column + 1 }
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
