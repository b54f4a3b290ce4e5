import { UserError } from '../core/errors.ts'
import { isVariableName } from '../core/names.ts'
import { parseAddress } from '../http/address.ts'
import { upstreamNames } from '../intents/upstreams.ts'
import type { EdgeAnswer, Given, OtherRegistry, PasswordPlace, Routing } from './answers.ts'
import { newRegistryProblem, registryUrl, repositoryProblem } from './other-registries.ts'
import { type ProxyAddress, parseProxyAddress } from './proxy-offer.ts'
import { nameProblem, usualTls } from './public-names.ts'
import { isPath } from './questions/first-start.ts'
import { exclusionsProblem, parseExclusions, proxyProblem } from './questions/proxy.ts'
import { addressProblem } from './questions/server.ts'
import { blobStoreProblem, parseQuota, quotaProblem } from './questions/storage.ts'
import { inUsualOrder, registries } from './registries.ts'

/** The command line's answers, as written. Names follow the flags. */
export interface AnswerFlags {
  url?: string
  upstreams?: string
  registry?: string[]
  privateImages?: string
  anonymousPull?: string
  routing?: string
  port?: string[]
  host?: string
  pushHost?: string
  tls?: string
  proxy?: string
  proxyUsername?: string
  proxyExclude?: string
  blobStore?: string
  quota?: string
  initialPassword?: string
  acceptEula?: boolean
}

/** Thrown by a reader: what is wrong with one flag. */
class FlagProblem extends Error {}

type Readers = { [Flag in keyof Required<AnswerFlags>]: (value: NonNullable<AnswerFlags[Flag]>) => Given }

const readers: Readers = {
  url: (text) => ({ url: parseAddress(checked(text, addressProblem)).base }),
  upstreams: (text) => ({ upstreams: inUsualOrder(readUpstreams(text)) }),
  registry: (texts) => ({ others: readRegistries(texts) }),
  privateImages: (text) => ({ privateImages: yesOrNo(text) }),
  anonymousPull: (text) => ({ anonymousPull: yesOrNo(text) }),
  routing: (text) => ({ routing: readRouting(text) }),
  port: (texts) => ({ ports: readPorts(texts) }),
  host: (text) => ({ host: text === 'none' ? null : checked(text, nameProblem) }),
  pushHost: (text) => ({ pushHost: checked(text, nameProblem) }),
  tls: (text) => ({ tls: readTls(text) }),
  proxy: (text) => ({ proxy: text === 'none' ? null : readProxy(text) }),
  proxyUsername: (text) => ({
    proxyUsername: checked(text, (name) => (isPath(name) ? undefined : 'it is empty')),
  }),
  proxyExclude: (text) => ({ exclude: parseExclusions(checked(text, exclusionsProblem)) }),
  blobStore: (text) => ({ blobStore: text === 'default' ? null : checked(text, blobStoreProblem) }),
  quota: (text) => ({ quota: parseQuota(checked(text, quotaProblem)) }),
  initialPassword: (text) => ({ initialPassword: readPlace(text) }),
  acceptEula: (accepted) => ({ acceptEula: accepted }),
}

/** Those that a template answers itself. */
const notWithTemplate = [
  'upstreams',
  'registry',
  'privateImages',
  'anonymousPull',
  'routing',
  'tls',
  'blobStore',
  'quota',
] as const

/** Reads all flags and collects what is wrong with each: `--quota: write a size …`. */
export function readFlags(
  flags: AnswerFlags,
  template: string | undefined,
): { given: Given; problems: string[] } {
  const problems: string[] = []
  let given: Given = {}
  for (const flag of Object.keys(readers) as (keyof AnswerFlags)[]) {
    if (flags[flag] === undefined) continue
    try {
      given = { ...given, ...(readers[flag] as (value: unknown) => Given)(flags[flag]) }
    } catch (error) {
      if (!(error instanceof FlagProblem)) throw error
      problems.push(`${spelled(flag)}: ${error.message}`)
    }
  }
  for (const flag of notWithTemplate)
    if (template !== undefined && flags[flag] !== undefined)
      problems.push(`${spelled(flag)}: the template ${template} sets that itself; change its file afterwards`)
  return { given, problems }
}

/** `proxyUsername` → `--proxy-username` */
function spelled(flag: string): string {
  return `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** Every flag that answers a question: `--url`, `--upstreams`, … */
export const answerFlags: readonly string[] = Object.keys(readers).map(spelled)

/** The flags and their problems in one error. */
export function wrongFlags(problems: readonly string[]): UserError {
  const [only = ''] = problems
  const options = { hint: 'nexus-docker init --help', exitCode: 3 } as const
  if (problems.length === 1) return new UserError('wrong-options', only, options)
  return new UserError('wrong-options', `${problems.length} options are wrong:`, {
    ...options,
    list: problems,
  })
}

function checked(text: string, problem: (text: string) => string | undefined): string {
  const found = problem(text)
  if (found !== undefined) throw new FlagProblem(found)
  return text.trim()
}

function yesOrNo(text: string): boolean {
  if (text !== 'yes' && text !== 'no') throw new FlagProblem('write yes or no')
  return text === 'yes'
}

function readUpstreams(text: string): string[] {
  if (text.trim() === 'none') return []
  const names = text.split(/[\s,]+/).filter((name) => name !== '')
  const unknown = names.find((name) => !Object.hasOwn(registries, name))
  if (unknown !== undefined || names.length === 0)
    throw new FlagProblem(`"${unknown ?? ''}" is not one of ${upstreamNames.join(', ')} or none`)
  return names
}

function readRegistries(texts: readonly string[]): OtherRegistry[] {
  const known: OtherRegistry[] = []
  for (const text of texts) {
    const [, repository, address = ''] = /^([^=\s]+)=(\S+)$/.exec(text.trim()) ?? []
    if (repository === undefined)
      throw new FlagProblem(
        `"${text}": write the repository and the address, like partner=https://registry.example.com`,
      )
    const problem = repositoryProblem(repository, known) ?? newRegistryProblem(address, known)
    if (problem !== undefined) throw new FlagProblem(`${repository}: ${problem}`)
    known.push({ repository, url: registryUrl(address) })
  }
  return known
}

function readRouting(text: string): Routing {
  if (text !== 'ports' && text !== 'single-port' && text !== 'path')
    throw new FlagProblem('write ports, single-port or path')
  return text
}

function readPorts(texts: readonly string[]): Record<string, number> {
  const ports: Record<string, number> = {}
  for (const text of texts) {
    const [, repository, port] = /^([^=\s]+)=(\d+)$/.exec(text.trim()) ?? []
    if (repository === undefined || Number(port) < 1 || Number(port) > 65535)
      throw new FlagProblem(`"${text}": write the repository and its port, like docker=8082`)
    ports[repository] = Number(port)
  }
  return ports
}

function readTls(text: string): NonNullable<EdgeAnswer['tls']> | null {
  if (text === 'none') return null
  if (text === 'acme' || text === 'further-out') return usualTls[text]
  const [, certificate = '', key = ''] = /^([^,]+),([^,]+)$/.exec(text) ?? []
  if (!isPath(certificate) || !isPath(key))
    throw new FlagProblem('write CERTIFICATE,KEY (two paths), acme, further-out or none')
  return { certificate: certificate.trim(), key: key.trim() }
}

function readProxy(text: string): ProxyAddress {
  const address = parseProxyAddress(checked(text, proxyProblem))
  if (typeof address === 'string') throw new FlagProblem(address)
  return address
}

function readPlace(text: string): PasswordPlace | null {
  if (text === 'none') return null
  const [, kind, place = ''] = /^(file|env):(.+)$/.exec(text) ?? []
  if (kind === 'file' && isPath(place)) return { file: place }
  if (kind === 'env' && isVariableName(place)) return { env: place }
  throw new FlagProblem('write file:/nexus-data/admin.password, env:NAME or none')
}
