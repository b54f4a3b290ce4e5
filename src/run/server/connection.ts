import { resolve } from 'node:path'
import type { NexusSection } from '../../config/config.ts'
import { readBounded } from '../../config/sources/read-bounded.ts'
import { maximumSecretBytes } from '../../config/sources/secret-source.ts'
import { UserError } from '../../core/errors.ts'
import { withoutFileMarks } from '../../core/file-marks.ts'
import { type Address, parseAddress } from '../../http/address.ts'
import type { Terminal } from '../../ui/terminal.ts'
import { type AnnotationFlags, annotateError } from '../annotations.ts'
import { readPassword } from '../input/option-files.ts'
import type { ConnectionFlags } from '../options.ts'

/** What flags and the environment say of the server; they win over the file. The URL is without credentials. */
export interface GivenConnection extends Pick<NexusSection, 'url' | 'username' | 'password'> {
  /** Where the password came from, for the sentence after a failed login. */
  passwordFrom?: string
  /** Who named the user, for sentences. */
  usernameFrom?: string
}

/** The same with an address: what can be connected to. */
export interface Connection extends GivenConnection {
  url: string
  /** `3.90.0 pro`: what the file says of the server's version. */
  versionHint?: string
}

/** A server, and how to talk to it and about it. */
export interface Target {
  connection: Connection
  flags: ConnectionFlags
  terminal: Terminal
  /** Of a sandbox: where the connector of a repository listens. */
  connectorUrl?: (repository: string) => string | undefined
}

/** Flag > environment > file. Reads password files and standard input. */
export async function givenConnection(flags: ConnectionFlags, terminal: Terminal): Promise<GivenConnection> {
  const { environment } = terminal
  const url = flags.url ?? nonEmpty(environment['NEXUS_URL'])
  const address = url === undefined ? undefined : parseAddress(url, terminal.redactor)
  const username = flags.username ?? nonEmpty(environment['NEXUS_USERNAME'])
  const usernameFrom = flags.username === undefined ? 'NEXUS_USERNAME' : '--username'
  const secret = await givenPassword(flags, terminal)
  if (secret) terminal.redactor.add(secret.password)
  const beside = { ...(username !== undefined && { username, usernameFrom }), ...secret }
  return address ? withAddress(address, flags.url === undefined ? 'NEXUS_URL' : '--url', beside) : beside
}

/** Credentials in the URL count like those beside it. Where both differ nobody knows which are meant, and a wrong guess locks a user. */
function withAddress(address: Address, from: string, beside: GivenConnection): Connection {
  const { base: url, username, password } = address
  assertSame('user', [username, from], [beside.username, beside.usernameFrom])
  assertSame('password', [password, from], [beside.password, beside.passwordFrom])
  return {
    ...(username !== undefined && { username, usernameFrom: from }),
    ...(password !== undefined && { password, passwordFrom: from }),
    ...beside,
    url,
  }
}

/** A value and where it came from. */
type Origin = readonly [value: string | undefined, from: string | undefined]

function assertSame(what: 'user' | 'password', [inUrl, from]: Origin, [other, otherFrom]: Origin): void {
  if (inUrl === undefined || other === undefined || inUrl === other) return
  throw new UserError(
    'conflicting-credentials',
    `${otherFrom} gives a different ${what} than the URL (${from})`,
    {
      hint: 'Leave one of them out. NEXUS_USERNAME and NEXUS_PASSWORD are the better place.',
      exitCode: 3,
    },
  )
}

async function givenPassword(
  flags: ConnectionFlags,
  { environment, cwd, stdin }: Terminal,
): Promise<Required<Pick<GivenConnection, 'password' | 'passwordFrom'>> | undefined> {
  const fromFile = async (path: string, option: string) => ({
    password: await readPassword(option, path, () => readBounded(resolve(cwd, path), maximumSecretBytes)),
    passwordFrom: `${option} (${path})`,
  })
  if (flags.passwordStdin) {
    const option = '--password-stdin'
    const password = await readPassword(option, 'standard input', () => stdin(maximumSecretBytes))
    return { password, passwordFrom: option }
  }
  if (flags.passwordFile !== undefined) return fromFile(flags.passwordFile, '--password-file')
  const password = nonEmpty(environment['NEXUS_PASSWORD'])
  if (password !== undefined) return { password, passwordFrom: 'NEXUS_PASSWORD' }
  const file = nonEmpty(environment['NEXUS_PASSWORD_FILE'])
  return file === undefined ? undefined : fromFile(file, 'NEXUS_PASSWORD_FILE')
}

function nonEmpty(text = ''): string | undefined {
  return withoutFileMarks(text) || undefined
}

/** The connection as it will be used: flags and environment laid over the file. Warns where it is not safe. */
export function connectionOf(
  given: GivenConnection,
  section: NexusSection,
  {
    flags,
    terminal,
    signsIn,
  }: { flags: ConnectionFlags & AnnotationFlags; terminal: Terminal; signsIn: boolean },
): Connection {
  const connection =
    given.url === undefined ? connectionInFile(given, section, terminal) : { ...given, url: given.url }
  const { username, usernameFrom } = connection
  const { version, edition } = section
  // Flags and variables win over the file. But its password is that of its own user, not of one whom a URL names by the way.
  if (connection.password === undefined && (usernameFrom === '--url' || usernameFrom === 'NEXUS_URL'))
    assertSame('user', [username, usernameFrom], [section.username, 'nexus.username'])
  if (flags.insecure && connection.url.startsWith('https:')) {
    const consequence = signsIn ? '; the password goes to whoever answers there' : ''
    const message = `--insecure: the certificate of ${connection.url} is not checked${consequence}`
    terminal.err(`${terminal.errPaint.yellow(terminal.errPaint.bold('warning'))}: ${message}`)
    annotateError({ severity: 'warning', code: 'insecure', message }, terminal, flags)
  }
  const password = connection.password ?? section.password
  return {
    ...connection,
    username: username ?? section.username ?? 'admin',
    ...(password !== undefined && { password }),
    passwordFrom: connection.passwordFrom ?? 'nexus.password',
    ...(version !== undefined && { versionHint: [version, edition].join(' ').trim() }),
  }
}

function connectionInFile(given: GivenConnection, { url }: NexusSection, terminal: Terminal): Connection {
  if (url !== undefined) return withAddress(parseAddress(url, terminal.redactor), 'nexus.url', given)
  throw new UserError('no-url', 'no server is given', {
    hint: 'Give --url, set NEXUS_URL, or write nexus.url in the file. --sandbox needs none of them.',
    exitCode: 3,
  })
}
