import type { EdgeSection } from '../edge/section.ts'
import type { UpstreamName } from '../intents/upstreams.ts'
import type { ServerInfo } from '../nexus/connection.ts'
import type { ProxyAddress, ProxyOffer } from './proxy-offer.ts'

/** How clients reach the registry: ports of its own; one port for pull and push (Pro); paths on Nexus's own port (3.83). */
export type Routing = 'ports' | 'single-port' | 'path'

/** The names that clients use, and where TLS ends: `edge:` as the file writes it, but for what follows from other answers. */
export type EdgeAnswer = Pick<EdgeSection, 'hosts' | 'tls'>

/** The server's way out. The password is never asked for: the file names a variable. */
export interface ProxyAnswer extends ProxyAddress {
  exclude: string[]
}

/** Where the password of the first start is. */
export type PasswordPlace = { file: string } | { env: string }

/** A registry that is none of the well-known ones. */
export interface OtherRegistry {
  /** The name of its repository. */
  repository: string
  /** Without credentials, and without a slash at the end. */
  url: string
}

/** Everything that the file is written from. What does not apply (a template has its own repositories) has its default. */
export interface Answers {
  /** Base URL without credentials. */
  url: string
  privateImages: boolean
  upstreams: UpstreamName[]
  others: OtherRegistry[]
  anonymousPull: boolean
  routing: Routing
  /** Port by the repository that has the connector. */
  ports: Record<string, number>
  /** Null where no reverse proxy is in front of Nexus. */
  edge: EdgeAnswer | null
  proxy: ProxyAnswer | null
  /** A blob store of its own; null for Nexus's `default`. `quota` as the file has it: `10 GiB`. */
  blobStore: { name: string; quota: string | null } | null
  initialPassword: PasswordPlace | null
  acceptEula: boolean
}

/** What the command line answered already. Null is an answer: none. */
export type Given = Partial<
  Omit<Answers, 'blobStore' | 'edge' | 'proxy'> & {
    host: string | null
    pushHost: string
    /** Null for none. */
    tls: NonNullable<EdgeAnswer['tls']> | null
    proxy: ProxyAddress | null
    proxyUsername: string
    exclude: string[]
    /** Name; null for `default`. */
    blobStore: string | null
    quota: string | null
  }
>

/** What a file that is there already says of it: the defaults then. */
export type FileAnswers = Partial<Answers>

/** What a look at the server found. */
export interface ServerLook {
  /** Undefined when nothing answered, or something else. */
  server: ServerInfo | undefined
  /** One sentence for the person. */
  sentence: string
  /** Ports of that host that somebody listens on, of those that would be proposed, and who. */
  busyPorts: ReadonlyMap<number, string>
}

/** A repository with a port of its own. */
export interface Connector {
  repository: string
  /** The port to propose. */
  port: number
}

/** What a template asks for beside the server. */
export interface TemplateNeeds {
  name: string
  connectors: readonly Connector[]
  /** The names that its file has; null where it has none. */
  edge: EdgeAnswer | null
  /** Where its reverse proxy finds Nexus, if it says so. */
  upstream: string | undefined
  /** The HTTP proxy that its file has. */
  proxy: ProxyAnswer | undefined
  /** It is for a server that was never set up. */
  isFirstStart: boolean
}

/** What is known before the first question. */
export interface Facts {
  defaultUrl: string
  /** The proxy of this machine's environment. */
  proxy: ProxyOffer | undefined
  template: TemplateNeeds | undefined
  /** The answers of the file to go on from. */
  present: FileAnswers
  /** Looks at a server without credentials; never rejects. */
  look(url: string): Promise<ServerLook>
}

/** Where the conversation stands. */
export interface Situation {
  facts: Facts
  given: Given
  answers: Answers
  look: ServerLook
}
