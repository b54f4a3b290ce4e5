import { plain } from '../../src/core/paint.ts'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import type { Terminal } from '../../src/ui/terminal.ts'

export interface Collected {
  /** Standard output and standard error, as far as they have been written. */
  said: { out: string; err: string }
  terminal: Terminal
}

/** What a command says, for tests that run one in this process. Nobody sits in front. */
export function collectingTerminal(cwd: string): Collected {
  const said = { out: '', err: '' }
  const add = (where: 'out' | 'err', end: string) => (text: string) => {
    said[where] += `${text}${end}`
  }
  const json = (document: unknown) => {
    said.out += `${JSON.stringify(document)}\n`
  }
  const terminal: Terminal = {
    out: add('out', '\n'),
    file: add('out', ''),
    err: add('err', '\n'),
    command: add('err', '\n'),
    clean: (data) => data,
    json,
    event: (_type, document) => json(document),
    report: () => undefined,
    paint: plain,
    errPaint: plain,
    outIsTerminal: false,
    columns: undefined,
    errColumns: undefined,
    interactive: false,
    environment: {},
    cwd,
    redactor: createRedactor(),
    stdin: () => Promise.resolve(new Uint8Array()),
    unread: new AbortController().signal,
  }
  return { said, terminal }
}
