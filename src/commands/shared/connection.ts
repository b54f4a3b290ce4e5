import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { NexusSection } from '../../config/config.ts'
import { maximumSecretBytes, readBounded, TooLarge, whyUnreadable } from '../../config/read-bounded.ts'
import { UserError } from '../../core/errors.ts'
import { isLoopback } from '../../nexus/address.ts'
import { type ConnectionOptions, createNexus, type InitialPassword, type Nexus } from '../../nexus/client.ts'
import { proxyFor } from '../../nexus/proxy-environment.ts'
import type { ConnectionFlags } from './options.ts'
import type { Terminal } from './terminal.ts'
import { traceRequest } from './trace.ts'

/** What flags and the environment say of the server; they win over the file. */
export interface GivenConnection {
  url?: string
  username?: string
  password?: string
  /** Where the password came from, for the sentence after a failed login. */
  passwordFrom?: string
}

/** Flag > environment > file. Reads password files and standard input. */
export async function givenConnection(
  flags: ConnectionFlags,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<GivenConnection> {
  const { environment } = terminal
  const url = flags.url ?? nonEmpty(environment['NEXUS_URL'])
  const username = flags.username ?? nonEmpty(environment['NEXUS_USERNAME'])
  const secret = await givenPassword(flags, terminal, signal)
  if (secret) terminal.redactor.add(secret.password)
  return { ...(url !== undefined && { url }), ...(username !== undefined && { username }), ...secret }
}

async function givenPassword(
  flags: ConnectionFlags,
  terminal: Terminal,
  signal: AbortSignal | undefined,
): Promise<{ password: string; passwordFrom: string } | undefined> {
  const { environment, cwd } = terminal
  const fromFile = (path: string, from: string) =>
    passwordFrom(() => readBounded(resolve(cwd, path), maximumSecretBytes, signal), { from, path })
  if (flags.passwordStdin) {
    const from = '--password-stdin'
    const { password } = await passwordFrom(() => terminal.stdin(maximumSecretBytes), {
      from,
      path: 'standard input',
    })
    return { password, passwordFrom: from }
  }
  if (flags.passwordFile !== undefined) return fromFile(flags.passwordFile, '--password-file')
  const password = nonEmpty(environment['NEXUS_PASSWORD'])
  if (password !== undefined) return { password, passwordFrom: 'NEXUS_PASSWORD' }
  const file = nonEmpty(environment['NEXUS_PASSWORD_FILE'])
  return file === undefined ? undefined : fromFile(file, 'NEXUS_PASSWORD_FILE')
}

async function passwordFrom(
  read: () => Promise<Uint8Array>,
  { from, path }: { from: string; path: string },
): Promise<{ password: string; passwordFrom: string }> {
  try {
    const password = withoutLineEnd(Buffer.from(await read()).toString('utf8'))
    return { password: filled(password, path), passwordFrom: `${from} (${path})` }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError('file-unreadable', `${from}: ${path} ${whyUnreadable(error)}`, {
      ...(error instanceof TooLarge && { hint: 'is this the right file? A password is shorter' }),
      exitCode: 3,
      cause: error,
    })
  }
}

function filled(password: string, where: string): string {
  if (password !== '') return password
  throw new UserError('no-password', `the password in ${where} is empty`, { exitCode: 4 })
}

/** Reads a file that an option names; an error names the option. */
function readTextFile(path: string, option: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new UserError('file-unreadable', `${option}: cannot read ${path} (${code})`, {
      exitCode: 3,
      cause: error,
    })
  }
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

/** The connection as it will be used: flags and environment laid over the file. */
export function connectionOf(
  given: GivenConnection,
  section: NexusSection,
): GivenConnection & { url: string } {
  const url = given.url ?? section.url
  if (url === undefined) {
    throw new UserError('no-url', 'there is no server to talk to', {
      hint: 'give --url, set NEXUS_URL, or write nexus.url into the file; --sandbox needs none of them',
      exitCode: 3,
    })
  }
  const password = given.password ?? section.password
  return {
    url,
    username: given.username ?? section.username ?? 'admin',
    ...(password !== undefined && { password }),
    passwordFrom: given.passwordFrom ?? 'nexus.password',
  }
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
    path === undefined ? undefined : readTextFile(path, option, terminal.cwd)
  return {
    url: connection.url,
    username: connection.username,
    password: connection.password,
    passwordFrom: connection.passwordFrom,
    caCert: pem(flags.caCert ?? nonEmpty(terminal.environment['NEXUS_CA_CERT']), '--ca-cert'),
    clientCert: pem(flags.clientCert, '--client-cert'),
    clientKey: pem(flags.clientKey, '--client-key'),
    insecure: flags.insecure,
    timeoutMs: flags.timeout,
    parallelism: flags.parallelism,
    environment: terminal.environment,
    redactor: terminal.redactor,
    onRequest: flags.verbose || flags.debug ? (event) => traceRequest(event, flags, terminal) : undefined,
  }
}

function versionHint({ version, edition }: NexusSection): string | undefined {
  return version === undefined ? undefined : `${version}${edition === undefined ? '' : ` ${edition}`}`
}
