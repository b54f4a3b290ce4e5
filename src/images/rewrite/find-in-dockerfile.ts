import type { Place } from './place.ts'

// docs.docker.com/reference/dockerfile: parser directives, continued lines, heredocs, ARG before FROM.

/** Beyond, a regular expression may run out of stack. */
export const maximumLength = 1024 * 1024

/** An instruction as one line, with its offset: what continues a line, and comments there, are blanks. */
interface Instruction {
  text: string
  start: number
}

/** Images that a Dockerfile begins from, copies from or mounts: not its own stages, nor `scratch`. */
export function inDockerfile(text: string): Place[] {
  const instructions = instructionsOf(text)
  const begin = instructions.findIndex(isFrom)
  const defaults = new Map(instructions.slice(0, begin).flatMap(argumentsOf))
  const stages = new Set(['scratch'])
  const places = placesIn({ text, start: 0 }, syntaxDirective)
  for (const instruction of instructions.slice(begin)) {
    for (const found of patterns.flatMap((pattern) => placesIn(instruction, pattern))) {
      const [, name = ''] = /^\$\{?(\w+)\}?$/.exec(found.value) ?? []
      const place = (isFrom(instruction) && defaults.get(name)) || found
      if (!stages.has(place.value.toLowerCase()) && !/^\d+$/.test(place.value)) places.push(place)
    }
    const [, stage] = (isFrom(instruction) && /\sAS\s+(\S+)\s*$/i.exec(instruction.text)) || []
    if (stage !== undefined) stages.add(stage.toLowerCase())
  }
  return places
}

function isFrom({ text }: Instruction): boolean {
  return /^\s*FROM\s/i.test(text)
}

/** What BuildKit pulls before it reads anything else. */
const syntaxDirective = /^(?:#[ \t]*\w+[ \t]*=.*\r?\n)*?#[ \t]*syntax[ \t]*=[ \t]*(\S+)/dgi

const patterns = [
  /^\s*FROM\s+(?:--\S+\s+)*(\S+)/dgi,
  /^\s*(?:ONBUILD\s+)?(?:COPY|ADD)\s+(?:--\S+\s+)*?--from=(\S+)/dgi,
  /(?<=^\s*(?:ONBUILD\s+)?RUN\s+(?:--\S+\s+)*?--mount=(?:\S*,)?from=)([^\s,]+)/dgi,
]

/** What a pattern's first group finds, without the quotes around it. */
function placesIn({ text, start }: Instruction, pattern: RegExp): Place[] {
  return [...text.matchAll(pattern)].flatMap(({ 1: written = '', indices }) => {
    const [, quote = '', value = ''] = /^(["']?)(.*)\1$/.exec(written) ?? []
    const begin = start + (indices?.[1]?.[0] ?? 0) + quote.length
    return value === '' ? [] : [{ start: begin, end: begin + value.length, value }]
  })
}

/** Those with a default. */
function argumentsOf(instruction: Instruction): [string, Place][] {
  if (!/^\s*ARG\s/i.test(instruction.text)) return []
  return [...instruction.text.matchAll(/\s(\w+)=/g)].flatMap(([begin, name = '']) =>
    placesIn(instruction, new RegExp(`${begin}("[^"]*"|'[^']*'|\\S+)`, 'dg')).map(
      (place): [string, Place] => [name, place],
    ),
  )
}

function instructionsOf(text: string): Instruction[] {
  const isBacktick = /^(?:#[ \t]*\w+[ \t]*=.*\r?\n)*?#[ \t]*escape[ \t]*=[ \t]*`/i.test(text)
  const end = `${isBacktick ? '`' : '\\\\'}[ \\t]*\\r?\\n`
  // A comment is one line, whatever it ends with.
  const continued = new RegExp(`^[ \\t]*#.*|${end}(?:[ \\t]*(?:#.*)?\\r?\\n)*`, 'gm')
  const joined = text.replaceAll(continued, (part) => (part.endsWith('\n') ? ' '.repeat(part.length) : part))
  const found: Instruction[] = []
  for (let start = 0; start < text.length; ) {
    const [line] = /[^\n]*\n?/.exec(joined.slice(start)) ?? ['']
    found.push({ text: line, start })
    start = afterHeredocs(line, text, start + line.length)
  }
  return found
}

/** The offset behind the bodies of the heredocs that a line opens. */
function afterHeredocs(line: string, text: string, start: number): number {
  if (!/^\s*(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s/i.test(line)) return start
  let end = start
  for (const [, dash, , word] of line.matchAll(/\s\d*<<(-?)(["']?)(\w[\w-]{0,200})\2(?=\s)/g)) {
    const last = new RegExp(`^${dash ? '\\t*' : ''}${word}\\r?(?:\\n|$(?!\\n))`, 'm').exec(text.slice(end))
    end = last ? end + last.index + last[0].length : text.length
  }
  return end
}
