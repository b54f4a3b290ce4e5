import { resolve } from 'node:path'
import type { NexusSection } from '../../config/config.ts'
import { UserError } from '../../core/errors.ts'
import { formatSize } from '../../core/size.ts'
import { type Address, isLoopback, keepSecret, parseAddress } from '../../nexus/address.ts'
import { type ConnectionOptions, createNexus, type InitialPassword, type Nexus } from '../../nexus/client.ts'
import { proxyFor } from '../../nexus/proxy-environment.ts'
import { type AnnotationFlags, annotateError } from './annotations.ts'
import type { ConnectionFlags } from './options.ts'
import { LONGEST_PASSWORD, LONGEST_PEM, readBounded } from './read-bounded.ts'
import type { Terminal } from './terminal.ts'
import { traceRequest } from './trace.ts'

/** What flags and the environment say of the server; they win over the file. */
export interface GivenConnection {
  /** Without credentials: those are in the other fields. */
  url?: string
  username?: string
  password?: string
  /** Where the password came from, for the sentence after a failed login. */
  passwordFrom?: string
  /** Who named the user, for sentences. */
  usernameFrom?: string
}

/** Flag > environment > file. Reads password files and standard input. */
export async function givenConnection(flags: ConnectionFlags, terminal: Terminal): Promise<GivenConnection> {
  const { environment } = terminal
  const url = flags.url ?? nonEmpty(environment['NEXUS_URL'])
  const address = url === undefined ? undefined : addressOf(url, terminal)
  const username = flags.username ?? nonEmpty(environment['NEXUS_USERNAME'])
  const usernameFrom = flags.username === undefined ? 'NEXUS_USERNAME' : '--username'
  const secret = await givenPassword(flags, terminal)
  if (secret) terminal.redactor.add(secret.password)
  const beside = { ...(username !== undefined && { username, usernameFrom }), ...secret }
  return address ? withAddress(address, flags.url === undefined ? 'NEXUS_URL' : '--url', beside) : beside
}

/** The one place that takes a URL apart: what is shown of it from here on has no credentials. */
function addressOf(url: string, { redactor }: Terminal): Address {
  const address = parseAddress(url)
  keepSecret(address, redactor)
  return address
}

/** Credentials in the URL count like those beside it. Where both differ nobody knows which are meant, and a wrong guess locks a user. */
function withAddress(
  address: Address,
  from: string,
  beside: GivenConnection,
): GivenConnection & { url: string } {
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
    `${otherFrom} gives another ${what} than the URL (${from})`,
    {
      hint: 'Leave one of them out. NEXUS_USERNAME and NEXUS_PASSWORD are the better place.',
      exitCode: 3,
    },
  )
}

async function givenPassword(
  flags: ConnectionFlags,
  terminal: Terminal,
): Promise<{ password: string; passwordFrom: string } | undefined> {
  const { environment } = terminal
  if (flags.passwordStdin) {
    const bytes = await terminal.stdin(LONGEST_PASSWORD)
    if (bytes.length > LONGEST_PASSWORD) {
      const message = `--password-stdin: standard input is larger than ${formatSize(LONGEST_PASSWORD)}`
      throw new UserError('file-unreadable', message, { exitCode: 3 })
    }
    const password = withoutLineEnd(Buffer.from(bytes).toString('utf8'))
    return { password: filled(password, 'standard input'), passwordFrom: '--password-stdin' }
  }
  if (flags.passwordFile !== undefined)
    return passwordFromFile(flags.passwordFile, '--password-file', terminal)
  const password = nonEmpty(environment['NEXUS_PASSWORD'])
  if (password !== undefined) return { password, passwordFrom: 'NEXUS_PASSWORD' }
  const file = nonEmpty(environment['NEXUS_PASSWORD_FILE'])
  return file === undefined ? undefined : passwordFromFile(file, 'NEXUS_PASSWORD_FILE', terminal)
}

function passwordFromFile(
  path: string,
  from: string,
  terminal: Terminal,
): { password: string; passwordFrom: string } {
  const password = withoutLineEnd(readTextFile(path, from, terminal.cwd, LONGEST_PASSWORD))
  return { password: filled(password, path), passwordFrom: `${from} (${path})` }
}

function filled(password: string, where: string): string {
  if (password !== '') return password
  throw new UserError('no-password', `the password in ${where} is empty`, { exitCode: 4 })
}

/** Reads a file that an option names; an error names the option. */
function readTextFile(path: string, option: string, cwd: string, limitBytes: number): string {
  try {
    return readBounded(resolve(cwd, path), limitBytes)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    const why = error instanceof UserError ? `${path} ${error.message}` : `cannot read ${path} (${code})`
    throw new UserError('file-unreadable', `${option}: ${why}`, { exitCode: 3, cause: error })
  }
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

/** The connection as it will be used: flags and environment laid over the file. Warns where it is not safe. */
export function connectionOf(
  given: GivenConnection,
  section: NexusSection,
  { flags, terminal }: { flags: ConnectionFlags & AnnotationFlags; terminal: Terminal },
): GivenConnection & { url: string } {
  const connection =
    given.url === undefined ? connectionInFile(given, section, terminal) : { ...given, url: given.url }
  const { username, usernameFrom = '' } = connection
  // A variable wins over the file; a URL names its user by the way, and may be a leftover.
  if (['--url', 'NEXUS_URL', 'nexus.url'].includes(usernameFrom))
    assertSame('user', [username, usernameFrom], [section.username, 'nexus.username'])
  if (flags.insecure && connection.url.startsWith('https:')) warnOfInsecure(connection.url, flags, terminal)
  const password = connection.password ?? section.password
  return {
    ...connection,
    username: username ?? section.username ?? 'admin',
    ...(password !== undefined && { password }),
    passwordFrom: connection.passwordFrom ?? 'nexus.password',
  }
}

function connectionInFile(
  given: GivenConnection,
  { url }: NexusSection,
  terminal: Terminal,
): GivenConnection & { url: string } {
  if (url !== undefined) return withAddress(addressOf(url, terminal), 'nexus.url', given)
  throw new UserError('no-url', 'there is no server to talk to', {
    hint: 'give --url, set NEXUS_URL, or write nexus.url into the file; --sandbox needs none of them',
    exitCode: 3,
  })
}

function warnOfInsecure(url: string, flags: AnnotationFlags, terminal: Terminal): void {
  const message = `--insecure: the certificate of ${url} is not checked; the password goes to whoever answers there`
  terminal.err(`${terminal.errPaint.yellow(terminal.errPaint.bold('warning'))}: ${message}`)
  annotateError({ severity: 'warning', code: 'insecure', message }, terminal, flags)
}

/** A client for the connection, with tracing as the flags ask for it. */
export function connect(
  connection: GivenConnection & { url: string },
  flags: ConnectionFlags,
  context: {
    terminal: Terminal
    section: NexusSection
    initialPassword?: InitialPassword | undefined
    signal?: AbortSignal | undefined
  },
): Nexus {
  const { terminal, section, initialPassword, signal } = context
  return createNexus({
    ...clientOptions(connection, flags, terminal),
    versionHint: versionHint(section),
    // Waiting has made sure already.
    assureNexus: flags.wait === undefined && !staysHere(connection.url, terminal),
    initialPassword,
    signal,
  })
}

/** Whether what is sent does not leave this machine: a password may go along as it is. */
function staysHere(url: string, { environment }: Terminal): boolean {
  const address = URL.canParse(url) ? new URL(url) : undefined
  return address !== undefined && isLoopback(address.hostname) && proxyFor(address, environment) === undefined
}

/** What the client and the waiting loop need alike. */
export function clientOptions(
  connection: GivenConnection & { url: string },
  flags: ConnectionFlags,
  terminal: Terminal,
): ConnectionOptions {
  const pem = (path: string | undefined, option: string) =>
    path === undefined ? undefined : readTextFile(path, option, terminal.cwd, LONGEST_PEM)
  return {
    url: connection.url,
    username: connection.username,
    password: connection.password,
    passwordFrom: connection.passwordFrom,
    caCert: pem(flags.caCert ?? nonEmpty(terminal.environment['NEXUS_CA_CERT']), '--ca-cert'),
    clientCert: pem(flags.clientCert, '--client-cert'),
    clientKey: pem(flags.clientKey, '--client-key'),
    extraCaCerts: extraCaCerts(terminal),
    insecure: flags.insecure,
    maxAnswerBytes: flags.maxAnswer,
    timeoutMs: flags.timeout,
    parallelism: flags.parallelism,
    environment: terminal.environment,
    redactor: terminal.redactor,
    onRequest: flags.verbose || flags.debug ? (event) => traceRequest(event, flags, terminal) : undefined,
  }
}

/** Node warns of a file that it cannot read, and does without. */
function extraCaCerts({ environment, cwd }: Terminal): string | undefined {
  const path = nonEmpty(environment['NODE_EXTRA_CA_CERTS'])
  try {
    return path === undefined ? undefined : readBounded(resolve(cwd, path), LONGEST_PEM)
  } catch {
    return undefined
  }
}

function versionHint({ version, edition }: NexusSection): string | undefined {
  return version === undefined ? undefined : `${version}${edition === undefined ? '' : ` ${edition}`}`
}
