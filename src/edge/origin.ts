import type { Tls } from './edge.ts'

/** A public host with its port. */
export interface Origin {
  /** In small letters. */
  host: string
  port: number
}

// Host names as the grammar of image names has them: github.com/distribution/reference, reference.go.
const label = '[a-z\\d](?:[a-z\\d-]*[a-z\\d])?'
const written = new RegExp(`^(${label}(?:\\.${label})*|\\[[\\da-f:]+\\])(?::(\\d{1,5}))?$`)

/** `registry.example.com:5000`; undefined for what is no host. */
export function parseOrigin(text: string, tls: Tls): Origin | undefined {
  const [, host, digits] = written.exec(text.toLowerCase()) ?? []
  const port = digits === undefined ? usualPort(tls) : Number(digits)
  const isOne = host !== undefined && host.length <= 253 && URL.canParse(`http://${host}`)
  return isOne && port >= 1 && port <= 65_535 ? { host, port } : undefined
}

/** No name, so that nothing can stand before it. */
export function isAddress(host: string): boolean {
  return /^[\d.]+$|^\[/.test(host)
}

/** This machine, and no other can come by it. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(host)
}

export function isSame(a: Origin, b: Origin): boolean {
  return a.host === b.host && a.port === b.port
}

/** What clients speak. */
export function schemeOf({ ends }: Tls): 'https' | 'http' {
  return ends === 'plain' ? 'http' : 'https'
}

function usualPort(tls: Tls): number {
  return schemeOf(tls) === 'https' ? 443 : 80
}

/** What `docker login` takes: what stands first in an image's name is a host only with a dot, a colon or as `localhost`. */
export function authorityOf({ host, port }: Origin, tls: Tls): string {
  const isPlain = port === usualPort(tls) && /[.:]|^localhost$/.test(host)
  return isPlain ? host : `${host}:${port}`
}

/** `https://registry.example.com`, without a slash at its end. */
export function originUrl({ host, port }: Origin, tls: Tls): string {
  return `${schemeOf(tls)}://${host}${port === usualPort(tls) ? '' : `:${port}`}`
}
