import { resolve } from 'node:path'
import { readBounded } from '../../config/sources/read-bounded.ts'
import { maximumSecretBytes } from '../../config/sources/secret-source.ts'
import { UserError } from '../../core/errors.ts'
import { withoutFileMarks } from '../../core/file-marks.ts'
import { isImageName, isTag } from '../../core/oci/reference.ts'
import { similar } from '../../core/similar.ts'
import { parseAddress } from '../../http/address.ts'
import type { Terminal } from '../../ui/terminal.ts'
import type { Endpoint, Login } from '../../verify/evidence.ts'
import { readPassword } from '../input/option-files.ts'
import type { ProbeFlags } from '../options.ts'
import type { Connection } from '../server/connection.ts'

/** Who logs in to the registry: `--as` with its password, else the user of the connection. Throws exit code 3 for flags that contradict each other, 4 without a password. */
export async function loginOf(
  flags: ProbeFlags,
  connection: Connection,
  terminal: Terminal,
): Promise<Login & { password: string }> {
  const { as, asPasswordFile, asPasswordStdin } = flags
  if (as === undefined) {
    if (asPasswordFile !== undefined || asPasswordStdin)
      throw wrong('--as-password-file and --as-password-stdin are for --as', 'Name the user with --as.')
    const { username = 'admin', password = '', passwordFrom } = connection
    return { username, password, ...(passwordFrom !== undefined && { passwordFrom }) }
  }
  const { password, passwordFrom } = await passwordOf(flags, terminal)
  terminal.redactor.add(password)
  terminal.redactor.add(`${as}:${password}`)
  return { username: as, password, passwordFrom }
}

async function passwordOf(
  flags: ProbeFlags,
  { environment, cwd, stdin }: Terminal,
): Promise<Required<Pick<Connection, 'password' | 'passwordFrom'>>> {
  const { asPasswordFile: path, asPasswordStdin, passwordStdin } = flags
  if (asPasswordStdin) {
    if (passwordStdin)
      throw wrong(
        '--password-stdin and --as-password-stdin both read standard input',
        'Give one of the passwords in a file or a variable.',
      )
    const option = '--as-password-stdin'
    const password = await readPassword(option, 'standard input', () => stdin(maximumSecretBytes))
    return { password, passwordFrom: option }
  }
  if (path !== undefined) {
    const option = '--as-password-file'
    const read = () => readBounded(resolve(cwd, path), maximumSecretBytes)
    return { password: await readPassword(option, path, read), passwordFrom: `${option} (${path})` }
  }
  const given = withoutFileMarks(environment['NEXUS_AS_PASSWORD'] ?? '')
  if (given !== '') return { password: given, passwordFrom: 'NEXUS_AS_PASSWORD' }
  throw new UserError('no-password', `there is no password for --as ${flags.as}`, {
    hint: 'Set NEXUS_AS_PASSWORD, or give --as-password-file or --as-password-stdin.',
    exitCode: 4,
  })
}

/** `--endpoint name=url`, by repository. Throws exit code 3 for what is none, or names no repository of the file. */
export function endpointsOf({ endpoint = [] }: ProbeFlags, known: readonly string[]): Map<string, Endpoint> {
  const pairs = pairsOf('--endpoint', endpoint, { known, example: 'docker=https://registry.example.com' })
  return new Map([...pairs].map(([name, url]) => [name, { url: endpointOf(name, url), prefix: '' }]))
}

/** Clients add `/v2/` by themselves: one that is written too finds nothing. */
function endpointOf(name: string, url: string): string {
  const { base, username, password } = parseAddress(url)
  if (username !== undefined || password !== undefined)
    throw wrong(`--endpoint ${name}: the URL contains credentials`, 'Leave them out: --as names who logs in.')
  const own = base.replace(/\/v2\/*$/, '')
  if (own !== base)
    throw wrong(`--endpoint ${name}=${base} ends with /v2`, `Write --endpoint ${name}=${own}.`)
  return base
}

/** `--image name=image:tag`, by proxy repository. Throws the same. */
export function imagesOf({ image = [] }: ProbeFlags, known: readonly string[]): Map<string, string> {
  const images = pairsOf('--image', image, {
    known,
    example: 'hub=library/hello-world:latest',
    noun: 'proxy repository',
  })
  for (const [name, text] of images)
    if (!isImage(text))
      throw wrong(`--image ${name}=${text} names no image`, 'Write it without a host: hub=library/alpine:3.')
  return images
}

function isImage(text: string): boolean {
  const [name = '', tag = 'latest', ...rest] = text.split(':')
  return isImageName(name) && isTag(tag) && rest.length === 0
}

function pairsOf(
  option: string,
  texts: readonly string[],
  { known, example, noun }: { known: readonly string[]; example: string; noun?: string },
): Map<string, string> {
  const pairs = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at < 1) throw wrong(`${option} ${text} has no name of a repository`, `Write it like ${example}.`)
    const name = text.slice(0, at)
    assertKnown(option, name, known, noun)
    if (pairs.has(name))
      throw wrong(`${option} is there twice for "${name}"`, 'Give it once for each repository.')
    pairs.set(name, text.slice(at + 1))
  }
  return pairs
}

/** Throws exit code 3 where the file has no such repository. */
export function assertKnown(
  option: string,
  name: string,
  known: readonly string[],
  noun = 'docker repository',
): void {
  if (known.includes(name)) return
  const meant = similar(name, known)
  throw wrong(
    `${option}: the file has no ${noun} "${name}"`,
    meant === undefined ? `It has ${known.join(', ') || 'none at all'}.` : `Did you mean "${meant}"?`,
  )
}

function wrong(message: string, hint: string): UserError {
  return new UserError('wrong-options', message, { hint, exitCode: 3 })
}
