/** A set-up that comes with the package. */
interface Template {
  /** What it is for, in a few words. */
  purpose: string
  /** An HTTP proxy is what it is about: without an answer its example address stays. In others it goes away. */
  needsProxy?: boolean
}

/** By their folder below `examples/`. */
export const templates: Readonly<Record<string, Template>> = {
  quickstart: { purpose: 'your own images, and caches of the usual registries' },
  'first-start': { purpose: 'a new server, from its initial password on' },
  'swarm-traefik-read-write': { purpose: 'push to one name, pull from another; images on a volume' },
  'one-name-for-push-and-pull': { purpose: 'one name for both, split by nginx' },
  'backup-and-cache': { purpose: 'what production runs, kept forever, and a cache' },
  'corporate-proxy-mirror': { purpose: 'a mirror of five registries behind a proxy', needsProxy: true },
  'team-registry': { purpose: 'a repository for each team, a login for everything' },
}

/** The list as `--template list` shows it. */
export function templateList(): string {
  const width = Math.max(...Object.keys(templates).map((name) => name.length))
  return Object.entries(templates)
    .map(([name, { purpose }]) => `${name.padEnd(width)}  ${purpose}`)
    .join('\n')
}
