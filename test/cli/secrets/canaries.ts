import { randomBytes } from 'node:crypto'
import { kinds } from '../../../src/resources/index.ts'

/** One secret of the file, with a value that nothing else holds. */
export interface Canary {
  /** Where the file has it: `nexus.password`, `dockerProxy.authentication.password`. */
  field: string
  value: string
  /** Letters and digits in the middle of the value, which no way of writing changes. */
  core: string
}

/** What secrets look like: easy ones, and such as need quoting, escaping or encoding somewhere. */
export const dressings: Record<string, (core: string) => string> = {
  plain: (core) => `canary-${core}`,
  quoted: (core) => `it's "a" ${core} \\ b`,
  symbols: (core) => `p$w$1% ${core} %41&=+/?#@:;<>{}[]`,
  umlauts: (core) => `Grüße ${core} ß€🦀`,
  long: (core) => `${core}.`.repeat(210),
  eight: (core) => core.slice(0, 8),
  tiny: (core) =>
    Array.from(core.slice(0, 3), (digit) => '¤¢£¥'.charAt(Number.parseInt(digit, 16) % 4)).join(''),
}

/** Every field of every kind that the file can write and that holds a secret, and the server's own passwords. */
export const secretFields = [
  'nexus.password',
  'bootstrap.initialPassword',
  ...kinds.all.flatMap((kind) =>
    Object.entries(kind.fields)
      .filter(([, field]) => field.options.secret && !field.options.intent)
      .map(([path]) => `${kind.kind}.${path}`),
  ),
]

export function canariesFor(dressing: string): Canary[] {
  const dress = dressings[dressing] ?? String
  return secretFields.map((field) => {
    const core = randomBytes(9).toString('hex')
    const value = dress(core)
    return { field, core: value.includes(core) ? core : value, value }
  })
}

const authentications: Record<string, (secret: (field: string) => string) => string> = {
  password: (secret) => `{username: robot, password: ${secret('dockerProxy.authentication.password')}}`,
  bearerToken: (secret) => `{bearerToken: ${secret('dockerProxy.authentication.bearerToken')}}`,
}

/** A file with every secret field in use; `secret` writes the value of one. */
export function fileOf(secret: (field: string) => string): string {
  const proxyLogin = (scheme: string) =>
    `{username: web, password: ${secret(`httpProxy.${scheme}.authentication.password`)}}`
  const logins = Object.entries(authentications)
  return `nexus:
  password: ${secret('nexus.password')}
bootstrap:
  initialPassword: ${secret('bootstrap.initialPassword')}
  acceptEula: true
httpProxy:
  http: {host: proxy.corp, port: 3128, authentication: ${proxyLogin('http')}}
  https: {host: proxy.corp, port: 3129, authentication: ${proxyLogin('https')}}
repositories:
${logins.map(([name, login]) => `  with-${name.toLowerCase()}: {type: proxy, upstream: quay.io, authentication: ${login(secret)}}\n`).join('')}  ecr:
    type: proxy
    remoteUrl: https://1.dkr.ecr.eu-west-1.amazonaws.com
    ecrAuth:
      enabled: true
      awsRegion: eu-west-1
      accessKeyId: AKIA
      secretAccessKey: ${secret('dockerProxy.ecrAuth.secretAccessKey')}
      sessionToken: ${secret('dockerProxy.ecrAuth.sessionToken')}
`
}

/** Which canaries a text lets out, and how: the value, its core in whatever spelling, or base64 at any of its three offsets. */
export function leaksIn(shown: string, canaries: readonly Canary[]): string[] {
  const text = `${shown}\n${shown.includes('&') ? withoutEntities(shown) : ''}`
  return canaries.flatMap(({ field, value, core }) => {
    const spellings: Record<string, string[]> = {
      core: [core],
      raw: [value],
      json: [JSON.stringify(value).slice(1, -1)],
      url: [encodeURIComponent(value)],
      base64: [...base64At(value), ...base64At(core), ...base64At(`admin:${value}`)],
    }
    return Object.entries(spellings)
      .filter(([, forms]) => forms.some((form) => text.includes(form)))
      .map(([spelling]) => `${field} (${spelling})`)
  })
}

/** What a browser makes of it. */
function withoutEntities(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(
    /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi,
    (written, hex?: string, digits?: string, name = '') =>
      hex || digits
        ? String.fromCodePoint(Number.parseInt(hex ?? digits ?? '', hex ? 16 : 10))
        : (named[String(name)] ?? written),
  )
}

/** Base64 of a text that begins anywhere in a longer one, without the characters that its neighbours share in. */
function base64At(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
      .toString('base64')
      .replace(/=+$/, '')
    return encoded.slice(before === 0 ? 0 : before + 1, -1)
  })
}
