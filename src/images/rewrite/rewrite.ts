import { lineStarts } from '../../core/position.ts'
import { fileProblem, type Problem, type SourceFile } from '../../core/problem.ts'
import type { Edge } from '../../edge/edge.ts'
import { readDocuments } from '../../yaml/documents.ts'
import { syntaxProblems } from '../../yaml/errors.ts'
import { tooMuch } from '../../yaml/parse.ts'
import { checkText } from '../../yaml/text-checks.ts'
import { imageNames, type NoNames } from '../names.ts'
import { parseReference } from '../reference.ts'
import { inDockerfile, maximumLength } from './find-in-dockerfile.ts'
import { composeTags, inCompose, inKubernetes } from './find-in-yaml.ts'
import type { Place } from './place.ts'

export const fileKinds = ['compose', 'kubernetes', 'dockerfile', 'list'] as const
export type FileKind = (typeof fileKinds)[number]

export interface Rewritten {
  /** The text with all names of images as they are pulled through the edge, else byte for byte as it was. */
  text: string
  /** In the order of the text. */
  changes: readonly { start: number; end: number; from: string; to: string }[]
  problems: readonly Problem[]
  /** Each sentence once. */
  notes: readonly string[]
}

/** Rewriting what has been rewritten changes nothing. What has an error is left as it is. */
export function rewriteImages(source: SourceFile, kind: FileKind, edge: Edge): Rewritten {
  const { places, problems } = placesIn(source, kind)
  const all = [...problems]
  const notes = new Set<string>()
  // What an alias repeats is written once.
  const changes = [...new Map(places.map((place) => [place.start, place])).values()]
    .toSorted((a, b) => a.start - b.start)
    .flatMap((place) => {
      const { start, end, value } = place
      const found = place.doubt === undefined ? rename(edge, value) : renameDoubtful(edge, place)
      if ('to' in found) {
        if (found.note !== undefined) notes.add(found.note)
        return found.to === value ? [] : [{ start, end, from: value, to: found.to }]
      }
      const { severity = 'error', ...wording } = found
      all.push({ ...fileProblem(source.name, wording, start, end), severity })
      return []
    })
  let text = ''
  let done = 0
  for (const { start, end, to } of changes) {
    text += source.text.slice(done, start) + to
    done = end
  }
  return { text: text + source.text.slice(done), changes, problems: all, notes: [...notes] }
}

/** The kind of a file by what is in it; undefined for another one. */
export function kindOf(marked: string): FileKind | undefined {
  const text = marked.replace(/^\uFEFF/, '')
  const [first = ''] = /^(?![^\S\n]*(?:#|$)).*$/m.exec(text) ?? []
  if (/^\s*(?:FROM|ARG)\s/i.test(first)) return 'dockerfile'
  if (/(?:^|[{,])[ \t-]*["']?apiVersion["']?[ \t]*:/m.test(text)) return 'kubernetes'
  if (/(?:^|[{,])[ \t]*["']?services["']?[ \t]*:/m.test(text)) return 'compose'
  return /^[ \t{-]*["']?[\w-]+["']?[ \t]*:(?:\s|$)/m.test(text) ? undefined : 'list'
}

const tooLong = {
  code: 'file-too-large',
  message: 'the file is larger than 1 MiB',
  hint: 'split it into several files',
}

function placesIn(source: SourceFile, kind: FileKind): { places: Place[]; problems: readonly Problem[] } {
  const { text } = source
  const isYaml = kind === 'compose' || kind === 'kubernetes'
  if (!isYaml && text.length > maximumLength)
    return { places: [], problems: [fileProblem(source.name, tooLong)] }
  if (kind === 'list') return { places: inList(text), problems: [] }
  if (kind === 'dockerfile') return { places: inDockerfile(text), problems: [] }
  const unread = checkText(source)
  const yaml = readDocuments(unread ? '' : text, kind === 'compose' ? composeTags : [])
  const wrong = yaml.beyond ? [tooMuch(source, yaml.beyond)] : syntaxProblems(source, yaml, lineStarts(text))
  const problems = unread ? [unread] : wrong.filter(({ severity }) => severity === 'error')
  const find = kind === 'compose' ? inCompose : inKubernetes
  return { places: problems.length > 0 ? [] : yaml.documents.flatMap((one) => find(one, text)), problems }
}

/** One image a line; a comment may follow. */
function inList(text: string): Place[] {
  return [...text.matchAll(/^[^\S\n]*([^\s#][^\n]*?)[^\S\n]*(?:\s#.*)?$/dgm)].map(
    ({ 1: value = '', indices }) => {
      const [start = 0, end = 0] = indices?.[1] ?? []
      return { start, end, value }
    },
  )
}

/** What is not sure to be an image, and not ours already, is told where it is left. */
function renameDoubtful(edge: Edge, { value, doubt }: Place): Renamed | NotRenamed {
  const found = rename(edge, value)
  const hint = `if it is one, ${'to' in found ? `write ${found.to}` : found.hint}`
  if ('to' in found ? found.to === value : found.severity === 'warning') return found
  const isName = !('code' in found && found.code === 'image-name')
  if (doubt === 'perhaps' && isName && /^[^/]*\..*\/|[:@]/.test(value)) return found
  const message = 'this may be the name of an image; it is left as it is'
  return { severity: 'warning', code: 'image-left', message, hint }
}

interface Renamed {
  to: string
  note?: string
}

type NotRenamed = NoNames & { code: string; severity?: 'warning' }

// With those of Tekton, `$(params.image)`, and Argo, `{{inputs.parameters.image}}`.
const variable = /\$(?:\{(?:[^{}]|\{[^{}]*\})*\}|\([^()]*\)|\w+)|\{\{[^{}]*\}\}/g

/** `${NAME}` may stand wherever the registry is known without it. */
function rename(edge: Edge, value: string): Renamed | NotRenamed {
  if (value.length > 4096)
    return { code: 'image-name', message: 'no name of an image is that long', hint: 'is a quote missing?' }
  const filled = value.replace(variable, ({ length }) => 'x'.repeat(length))
  const name = filled.replace(/@.*$/, '').replace(/:[^:/\]]*$/, '')
  const open = value.search(variable)
  const reference = parseReference(open < 0 ? value : name)
  const isImplied = 'path' in reference && !name.endsWith(reference.path)
  if (open >= 0 && open < Math.max(filled.indexOf('/'), isImplied ? name.length : 0))
    return {
      severity: 'warning',
      code: 'image-variable',
      message: 'the registry of this image is in a variable; the image is left as it is',
      hint: 'rewrite the value of the variable',
    }
  if ('why' in reference)
    return {
      code: 'image-name',
      message: `${JSON.stringify(value)} ${reference.why}`,
      hint: 'write it like quay.io/acme/app:1',
    }
  const names = imageNames(edge, { ...reference, tag: '', digest: '' })
  if ('message' in names) return { code: 'image-unknown', ...names }
  const inPath = isImplied ? reference.path : value.slice(name.length - reference.path.length, name.length)
  const to = names.pull.slice(0, -reference.path.length) + inPath + value.slice(name.length)
  return { to, ...(names.note !== undefined && { note: names.note }) }
}
