// Ports of URLs and of connectors, and whose they are.

/** Undefined where the URL names none: a reverse proxy stands in front then. */
export function explicitPort(url: string | undefined): number | undefined {
  const port = url !== undefined && URL.canParse(url) ? new URL(url).port : ''
  return port === '' ? undefined : Number(port)
}

/** The port that Nexus listens on unless it was configured otherwise. */
export const usualNexusPort = 8081

/** Ports to keep away from: the usual one, and that of the server's address, which may be published from it. */
export function nexusPorts(url: string | undefined): Set<number> {
  return new Set([usualNexusPort, explicitPort(url) ?? usualNexusPort])
}

/** The first port from that one on that is not used, then any from 1024 on. */
export function freePort(from: number, used: ReadonlySet<number>): number {
  for (let free = from; free <= 65535; free++) if (!used.has(free)) return free
  for (let free = 1024; free < from; free++) if (!used.has(free)) return free
  return from
}

/** Whether a host, as `URL` has it, is the machine itself (RFC 6761, RFC 1122): what is sent there does not leave it. */
export function isLoopback(hostname: string): boolean {
  return /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/i.test(hostname)
}
