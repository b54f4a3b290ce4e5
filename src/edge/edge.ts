/** The way in as data: all that a reverse proxy, a client or a proof has to know of it. Made by `considerEdge`. */
export interface Edge {
  routing: Routing
  /** Why this routing, where the file does not say. */
  because?: string
  /** Public origins. Each has one host and one port; the same pair never twice. */
  sites: readonly Site[]
  backEnds: readonly BackEnd[]
  /**
   * Why the address of Nexus is not known, where it is not: the back ends have a guess then, and nothing in front of Nexus can be
   * rendered. Clients and proofs need no more than the sites.
   */
  upstreamUnknown?: string
  /** The repositories that clients reach, in the order of the file. */
  registries: readonly PublicRegistry[]
  /** The repositories behind the names for pull and push. */
  pull?: string
  push?: string
  /** Host of the web interface. */
  web?: string
  /** First parts of the names of private images: `acme`, `acme/backend`. */
  namespaces: readonly string[]
  tls: Tls
  limits: Limits
}

export const routings = ['path', 'two-hosts', 'namespace', 'method', 'ports', 'subdomain'] as const
/** How a request finds its repository (edge.md 2). */
export type Routing = (typeof routings)[number]

/** `plain`: no TLS at all. `further-out`: whoever stands before the front ends it, and the front speaks http. */
export type Tls =
  | { ends: 'plain' }
  | { ends: 'further-out'; ca?: string }
  | { ends: 'here'; certificate: string; key: string; ca?: string }
  | { ends: 'here'; acme: { email?: string }; ca?: undefined }

export interface Limits {
  /** Largest body of a request in bytes; undefined: no limit. */
  uploadBytes?: number
  /** How long a request or its answer may rest, in seconds. */
  timeoutSeconds: number
}

/** One public origin. */
export interface Site {
  /** In small letters, without the port. */
  host: string
  /** The public port, written in the file or 443 (80 without TLS). */
  port: number
  /** The first that fits a request decides. The last fits every request. */
  rules: readonly Rule[]
}

export interface Rule {
  /** Every method where it is missing. */
  methods?: readonly Method[]
  path: PathPattern
  /** `to`: name of a back end. `redirect`: 308 to that path. `refuse`: 404. */
  action: { to: string } | { redirect: string } | { refuse: true }
  /** What it is for, in a few words: a comment where the target has comments. */
  purpose: string
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * What a path is compared with, once it is normalised (`%61`, `//` and `..` resolved). A prefix ends with `/`. `uploads`:
 * `^/v2/.+/blobs/uploads/`; `blobs`: `^/v2/.+/blobs/` (edge.md 0.2).
 */
export type PathPattern = { exact: string } | { prefix: string } | { inside: 'uploads' | 'blobs' }

/** A port of Nexus. */
export interface BackEnd {
  /** `nexus`, `nexus-context` or `repository-<name>`: letters, digits, `.`, `_` and `-`. */
  name: string
  host: string
  port: number
  tls: boolean
  /**
   * Laid before the path of a request: '' or `/context/repository/hosted`. What Nexus answers in `Location` has it, too, and the client must
   * not see it (edge.md 1.3).
   */
  prefix: string
}

/** A repository as clients know it. */
export interface PublicRegistry {
  repository: string
  type: 'hosted' | 'proxy' | 'group'
  scheme: 'https' | 'http'
  /** What `docker login` takes: with the port where it is not that of the scheme. */
  host: string
  /** Whether names of images lead there, `<host>/<prefix><image>`. What is not named can be a mirror all the same, by its `apiUrl`. */
  named: boolean
  /** What `/<image>/manifests/<tag>` follows: `https://registry.example.com/v2`, `…/v2/docker-hub`, `…/repository/quay/v2`. */
  apiUrl: string
  /** What names of images begin with after the host: '' or `docker-hub/`. */
  prefix: string
  takesPushes: boolean
  pullsNeedLogin: boolean
  /** Of a group: its members, also those of groups in it, in their order. */
  members: readonly string[]
  /** Of a group: the domains of the proxies among its members in their order, those that have no name of their own included. */
  domains: readonly string[]
  /** Of a proxy: where its images come from, as their names say it: `docker.io`, `quay.io`. */
  domain?: string
}
