import type { Case } from '../evidence.ts'

/** What to change: a field of the file, a line of the reverse proxy, a page or setting of the server, or an option of this command. */
export type Where =
  | { kind: 'file'; path: readonly (string | number)[] }
  | { kind: 'proxy'; line: string }
  | { kind: 'server'; setting: string }
  | { kind: 'command'; option: string }

/** One known reason why a registry does not serve. */
export interface Cause {
  /** Stable kebab-case name. */
  code: string
  /** For the table of all: what is wrong, in a few words. */
  title: string
  when(it: Case): boolean
  /** One sentence, without a final stop. */
  message(it: Case): string
  hint: string | ((it: Case) => string)
  where: Where | ((it: Case) => Where)
}

/** A field of the repository; where another line of the file wrote it (`upstream: docker-hub`), that line. */
export function field({ subject }: Case, name: string): Where {
  const [writer] = subject.because?.[name]?.split(':') ?? []
  if (writer === 'anonymousPull') return { kind: 'file', path: [writer] }
  return { kind: 'file', path: [...subject.path, ...(writer ?? name).split('.')] }
}

export function proxyLine(line: string): Where {
  return { kind: 'proxy', line }
}

export function setting(text: string): Where {
  return { kind: 'server', setting: text }
}

export function option(text: string): Where {
  return { kind: 'command', option: text }
}

/** The first thing that the server said, for the end of a sentence. */
export function quoted({ wrong }: Pick<Case, 'wrong'>): string {
  const [first] = wrong.errors
  const said = first
    ? [...new Set([first.code, first.message, first.detail])].filter((part) => part !== '').join(': ')
    : ''
  const status = wrong.status === undefined ? (wrong.failure?.code ?? '') : String(wrong.status)
  return [status, said]
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, 200)
}

/** A port as text; undefined where there is none. */
export function shownPort(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : undefined
}

/** What was asked of whom. */
export function asked({ wrong }: Pick<Case, 'wrong'>): string {
  return `${wrong.method} ${wrong.url}`
}

export function isAtEndpoint({ subject }: Pick<Case, 'subject'>): boolean {
  return subject.address.way === 'endpoint'
}
