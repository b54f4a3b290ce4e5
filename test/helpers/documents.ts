// Takes documents apart, so that what they show can be run: fenced blocks, and the commands and outputs in those.

export interface Block {
  language: string
  /** 1-based line of the fence. */
  line: number
  lines: string[]
}

/** The file that a block is, where its first line says so in a comment: `# .gitlab-ci.yml`, `// Jenkinsfile`. */
export function fileNameOf({ lines }: Block): string | undefined {
  return /^(?:#|\/\/) ([\w./-]+\.ya?ml|Dockerfile|Jenkinsfile)$/.exec(lines[0] ?? '')?.[1]
}

/** A command as typed, and what the document shows of its output (nothing: not compared). */
export interface ShownCommand {
  line: number
  command: string
  exitCode: number
  output: string[]
}

/** The fenced code blocks of a Markdown text. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^\s*```(\w*)/.exec(text)
    if (!fence) open?.lines.push(text)
    else if (open) {
      blocks.push(open)
      open = undefined
    } else open = { language: fence[1] ?? '', line: index + 1, lines: [] }
  }
  return blocks
}

/** Commands of a `console` block (`$ command`, then its output) or an `sh` block (a command a line). */
export function commandsOf({ language, line, lines }: Block): ShownCommand[] {
  const commands: ShownCommand[] = []
  for (const [index, text] of continued(lines)) {
    const typed = language === 'console' ? /^\$ (.*)$/.exec(text)?.[1] : text
    if (typed === undefined) commands.at(-1)?.output.push(text)
    else if (typed.trim() !== '' && !typed.startsWith('#'))
      commands.push(parseCommand(typed, line + index + 1))
  }
  return commands
}

/** Lines that end in a backslash and the next ones as one, with the place of the last. */
function continued(lines: readonly string[]): [index: number, text: string][] {
  const whole: [number, string][] = []
  let begun = ''
  for (const [index, text] of lines.entries()) {
    if (text.endsWith('\\')) begun += text.slice(0, -1)
    else {
      whole.push([index, (begun + text).replaceAll(/(?<=\S) {2,}(?=--)/g, ' ')])
      begun = ''
    }
  }
  return whole
}

/** `command  # explanation`; the explanation `exit code 2` says how it ends. */
function parseCommand(typed: string, line: number): ShownCommand {
  const [command = '', comment = ''] = typed.split(/\s+#\s+/)
  return { line, command, exitCode: Number(/exit code (\d+)/.exec(comment)?.[1] ?? 0), output: [] }
}

/** Output without what differs from run to run: ports, times (only a log has those of the day), and the order of what runs at the same time. */
export function normalize(text: string): string[] {
  const lines = text
    .replace(/https?:\/\/(127\.0\.0\.1|localhost):\d+/g, 'URL')
    .replace(/^\d\d:\d\d:\d\d /gm, '')
    .replace(/\d+ ms/g, 'N ms')
    .replace(/\d+\.\d+ s/g, 'N s')
    .trimEnd()
    .split('\n')
  const sorted: string[] = []
  let together: string[] = []
  for (const line of [...lines, '']) {
    if (line.startsWith('✓')) together.push(line)
    else {
      sorted.push(...together.toSorted(), line)
      together = []
    }
  }
  return sorted.slice(0, -1)
}
