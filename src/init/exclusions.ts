import { isExclusion } from '../core/names.ts'

/** A NO_PROXY list in Nexus's words, and what of it Nexus cannot say. */
export interface Exclusions {
  exclude: string[]
  dropped: string[]
}

/**
 * NO_PROXY → `nonProxyHosts` (nexus-api section 6: one `*`, at the start or the end; no networks, no ports). A bare domain stands for
 * itself and everything below it in NO_PROXY, for itself alone in Nexus, so it becomes two. Small networks become their `10.*`.
 */
export function toExclusions(noProxy: string): Exclusions {
  const exclude = new Set<string>()
  const dropped: string[] = []
  for (const entry of noProxy.split(/[\s,]+/).filter((text) => text !== '')) {
    const patterns = patternsOf(entry)
    // Host names on the wire are ASCII: another spelling would never match.
    if (patterns.length > 0 && patterns.every(isExclusion) && /^[!-~]+$/.test(entry))
      for (const pattern of patterns) exclude.add(pattern)
    else dropped.push(entry)
  }
  return { exclude: [...exclude], dropped }
}

function patternsOf(entry: string): string[] {
  const name = withoutPort(entry.toLowerCase())
  if (name.includes('/')) return fromNetwork(name)
  if (/^[\d.]+$/.test(name)) return [name]
  if (name.includes(':')) return [`[${name.replace(/^\[|\]$/g, '')}]`]
  if (name.startsWith('*')) return [name]
  if (name.startsWith('.')) return [`*${name}`]
  return name === 'localhost' ? [name] : [name, `*.${name}`]
}

/** `host:8080`, `[::1]:8080`. An IPv6 address without brackets has several colons. */
function withoutPort(entry: string): string {
  return /^(\[[^\]]*\]|[^:]*):\d+$/.exec(entry)?.[1] ?? entry
}

/** `10.0.0.0/8` → `10.*`; `172.16.0.0/12` → its sixteen `172.16.*`; none for what takes more than sixteen, and for IPv6. */
function fromNetwork(network: string): string[] {
  const [, address = '', prefix = ''] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(network) ?? []
  const bits = Number(prefix)
  const octets = address.split('.').map(Number)
  if (address === '' || bits < 1 || bits > 32 || octets.some((octet) => octet > 255)) return []
  if (bits === 32) return [address]
  const whole = Math.ceil(bits / 8)
  const count = 2 ** (whole * 8 - bits)
  if (count > 16) return []
  const last = octets[whole - 1] ?? 0
  const first = last - (last % count)
  const head = octets.slice(0, whole - 1)
  return Array.from({ length: count }, (_, index) => {
    const start = [...head, first + index].join('.')
    return whole === 4 ? start : `${start}.*`
  })
}
