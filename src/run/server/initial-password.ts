import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { Config } from '../../config/config.ts'
import {
  type NoSecret,
  secretIn,
  secretInFile,
  secretInVariable,
  secretPath,
} from '../../config/sources/secret-source.ts'
import { UserError } from '../../core/errors.ts'
import { interrupted } from '../../core/interrupt.ts'
import { lineStarts, positionAt } from '../../core/position.ts'
import type { SourceFile } from '../../core/problem.ts'
import { pause } from '../../http/lifetime.ts'
import type { BootstrapSection } from '../../intents/bootstrap.ts'
import type { InitialPassword } from '../../nexus/client.ts'
import { spanAt } from '../../yaml/located.ts'
import type { Target } from './connection.ts'

interface Context extends Pick<Target, 'connection' | 'terminal'> {
  config: Config
  sources: readonly SourceFile[]
  /** Until when a file may appear, in milliseconds of `performance.now()`. */
  deadline: number
}

/** The user whose password it is: every Nexus begins with this one. */
const ADMIN = 'admin'
const PAUSE_MS = 250

/** Where `bootstrap.initialPassword` of the file is looked up; undefined where the file has none. Reads nothing yet. */
export function initialPasswordFor(context: Context): InitialPassword | undefined {
  const written = initialPassword(context)
  if (written === undefined) return undefined
  const name = 'bootstrap.initialPassword'
  const { username = ADMIN } = context.connection
  if (username !== ADMIN) {
    const note = `${name} was not tried: it is the password of "${ADMIN}", not of "${username}".`
    return { from: name, note, ...notEvident, find: () => Promise.resolve(undefined) }
  }
  if (typeof written === 'object' && 'file' in written) return fromFile(written.file, context)
  return fromText(written, context)
}

/** `bootstrap.initialPassword` as the file has it. */
function initialPassword({ config }: Context): BootstrapSection['initialPassword'] {
  return (config.sections['bootstrap'] as BootstrapSection | undefined)?.initialPassword
}

/** A text stays where it is when the password has been changed. */
const notEvident = { evident: () => Promise.resolve(undefined), gone: () => false }

function fromText(written: string | { env: string }, context: Context): InitialPassword {
  const isText = typeof written === 'string'
  const from = `bootstrap.initialPassword${isText ? '' : ` (variable ${written.env})`}`
  let note: string | undefined
  return {
    from,
    ...notEvident,
    get note() {
      return note
    },
    find() {
      const found = isText ? secretIn(written) : secretInVariable(written.env, context.terminal.environment)
      if (!('text' in found)) {
        const variable = isText ? 'it' : `the environment variable ${written.env}`
        // Not repeated: perhaps it is the password itself.
        const what = found.reason === 'misnamed' ? 'the value of env:' : variable
        throw noInitialPassword(`${what} ${found.why}`, context)
      }
      const form = formOf(found)
      note = form.note
      return Promise.resolve(form.password)
    },
  }
}

function fromFile(file: string, context: Context): InitialPassword {
  const { file: writtenIn } = spanAt(context.config.root, ['bootstrap', 'initialPassword', 'file'])
  const path = secretPath(file, writtenIn, context.terminal.cwd)
  let seen = existsSync(path)
  let note: string | undefined
  const look = async (): Promise<{ password: string } | NoSecret> => {
    const found = await secretInFile(path)
    seen ||= 'text' in found || found.reason === 'empty'
    if (!('text' in found)) return found
    if (found.text.trim() === '') return { reason: 'empty', why: 'is empty' }
    const form = formOf(found, file)
    note = form.note
    return { password: form.password }
  }
  const gone = () => seen && !existsSync(path)
  return {
    from: `bootstrap.initialPassword (file ${file})`,
    get note() {
      return note
    },
    async evident() {
      const found = await look()
      return 'password' in found ? found.password : undefined
    },
    gone,
    async find(signal) {
      const start = performance.now()
      const { terminal, deadline, connection } = context
      for (;;) {
        const found = await look()
        if ('password' in found) {
          terminal.report({ type: 'reading', url: connection.url })
          return found.password
        }
        if (gone()) return undefined
        const rest = deadline - performance.now()
        const hint = found.reason === 'long' ? ': is this the right file?' : ''
        const sentence = `the file ${file} ${found.why}${hint}`
        if (rest <= 0 || !mayPass(found)) throw noInitialPassword(sentence, context)
        terminal.report({
          type: 'waiting',
          for: 'the initial password',
          code: 'initial-password',
          reason: sentence,
          elapsedMs: performance.now() - start,
          limitMs: deadline - start,
        })
        await pause(Math.min(rest, PAUSE_MS), signal)
        if (signal.aborted) throw interrupted('interrupted while waiting for the initial password')
      }
    },
  }
}

/** A file that another container writes on a shared volume: not there yet, or not written to yet. */
function mayPass({ reason }: NoSecret): boolean {
  return reason === 'empty' || reason === 'missing'
}

/** What Nexus makes itself, none with a line break: a UUID, or the well-known one (nexus-api section 5). */
const MADE_BY_NEXUS = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|admin123)$/i

/**
 * The likelier form of a password with a line break at its end. A secret that a person wrote down has one too many, and what Nexus made
 * has none. But a server that is given its `admin.password` takes it word for word (recorded: `lifecycle password-file-given`). The
 * other form is not tried: servers lock a user name after three failures.
 */
function formOf(
  { text: bare, whole: text }: { text: string; whole?: string },
  file = '',
): { password: string; note?: string } {
  if (text === undefined) return { password: bare }
  const given = basename(file) === 'admin.password' && !MADE_BY_NEXUS.test(bare)
  const [tried, left] = given ? ['with', 'without'] : ['without', 'with']
  const note = `The initial password ends with a line break; it was tried ${tried} it, not ${left} it, because a server may lock the user after one more failure.`
  const remedy = given ? ' Remove the line break if it is not part of the password.' : ''
  return { password: given ? text : bare, note: note + remedy }
}

function noInitialPassword(why: string, context: Context): UserError {
  const { username = ADMIN, passwordFrom = 'nexus.password' } = context.connection
  const message = `the server does not accept the password of user "${username}" from ${passwordFrom}, and the initial one cannot be tried: ${why} (${placeOf(context)})`
  return new UserError('initial-password', message, {
    hint: 'If the server has been set up already, the password is wrong. If it is new, --wait 5m waits for the file to appear.',
    exitCode: 4,
  })
}

/** `repos.yml:7:21` */
function placeOf(context: Context): string {
  const { config, sources } = context
  const path = ['bootstrap', 'initialPassword']
  const written = initialPassword(context)
  const inside = typeof written === 'object' ? Object.keys(written) : []
  const { file, start } = spanAt(config.root, [...path, ...inside])
  const { text = '' } = sources.find(({ name }) => name === file) ?? {}
  const { line, column } = positionAt(lineStarts(text), start)
  return `${file}:${line + 1}:${column + 1}`
}
