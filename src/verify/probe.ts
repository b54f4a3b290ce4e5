import { untilAborted } from '../core/interrupt.ts'
import { type Ask, asUser, type Reply } from './door.ts'
import type { Address, CheckName, Exchange, Login, ServerFacts, Step, Subject } from './evidence.ts'
import { type ImageNames, imageNames, type TinyImage } from './image.ts'
import type { Doors, RegistryDoor } from './registry-door.ts'
import type { ServerSide } from './server-side.ts'
import { ownAddress } from './subjects.ts'
import type { Self } from './tags.ts'

/** How a run is made. */
export interface VerifyOptions {
  readOnly: boolean
  /** Bytes of the layer that is pushed to connectors, and through reverse proxies: nginx refuses more than 1 MiB by default. */
  layerSize: number
  edgeLayerSize: number
  /** How long a connector that refuses may take until it listens, in milliseconds. */
  patienceMs: number
  self: Self
  signal: AbortSignal
  delay(ms: number): Promise<void>
}

/** What was pushed to a hosted repository. */
export interface Pushed {
  name: string
  image: TinyImage
  tag: string
  /** It is known to be in the repository. */
  arrived?: true
}

/** What was pulled through a proxy repository. */
export interface Proxied {
  name: string
  tag: string
  /** Of its configuration, a small blob. */
  config: string
}

/** What the checks of a run know of each other. */
export interface Shared {
  options: VerifyOptions
  doors: Doors
  serverSide: ServerSide
  server: ServerFacts
  login: Login
  subjects: readonly Subject[]
  pushed: Map<string, Pushed>
  proxied: Map<string, Proxied>
}

/** An answer that is not as it has to be. */
export class Unexpected extends Error {
  readonly exchange: Exchange

  constructor(exchange: Exchange) {
    super(`${exchange.method} ${exchange.url}`)
    this.exchange = exchange
  }
}

/** A check that has nothing to look at, for a reason that is told. */
export class Skipped extends Error {}

/** What an answer has to be: one of these statuses, or more than a status. */
export type Expected = readonly number[] | ((reply: Reply) => boolean)

/** One repository while it is looked at: asks, and keeps what came back. */
export class Probe {
  readonly subject: Subject
  readonly shared: Shared
  readonly exchanges: Exchange[] = []
  /** Checks that are done. */
  readonly passed = new Set<CheckName>()
  /** What was pushed is being removed: an interrupt does not end that. */
  closing = false
  /** Of a group: the member that what is pulled was pushed to. */
  memberName: string | undefined
  readonly names: ImageNames
  readonly #door: RegistryDoor

  constructor(subject: Subject, shared: Shared) {
    this.names = imageNames(subject.address.namespaces?.[0])
    this.subject = subject
    this.shared = shared
    this.#door = shared.doors.at(subject.address)
  }

  /** Asks at the repository's address. */
  async ask(ask: Ask, door = this.#door): Promise<Reply> {
    const asked = door.ask(ask)
    const reply = await (this.closing ? asked : untilAborted(this.shared.options.signal, asked))
    // What came is not kept for long: it may be megabytes.
    const { bytes, digest, ...exchange } = reply
    this.exchanges.push(exchange)
    return reply
  }

  /** Asks at another address, once. */
  async askAt(address: Address, ask: Ask): Promise<Reply> {
    const door = this.shared.doors.at(address)
    try {
      return await this.ask(ask, door)
    } finally {
      door.close()
    }
  }

  /** Asks where a repository answers whatever else leads to it, by the name that an image has in it. */
  askAtHome(
    ask: Pick<Ask, 'step' | 'method'>,
    rest: string,
    { repository = this.subject.name, name = this.imageName } = {},
  ): Promise<Reply> {
    const address = ownAddress(repository, this.shared.server.url)
    return this.askAt(address, { ...ask, path: `${name}/${rest}`, ...asUser(name, 'pull') })
  }

  /** Keeps what the server's own API says, which is beside the registry. */
  note(step: Step, text: string | undefined): void {
    const last = this.exchanges.at(-1)
    if (last && text !== undefined) this.exchanges.push({ ...last, step, text })
  }

  /** Asks, and throws Unexpected for an answer that is not as it has to be. */
  async expect(ask: Ask, expected: Expected): Promise<Reply> {
    const reply = await this.ask(ask)
    const isRight = typeof expected === 'function' ? expected(reply) : expected.includes(reply.status ?? 0)
    if (!isRight) this.fail(reply)
    return reply
  }

  /** The last answer is wrong, although its status may be right. */
  fail(reply: Reply, fault?: Exchange['fault']): never {
    const exchange = fault ? { ...reply, fault } : reply
    this.exchanges[this.exchanges.length - 1] = exchange
    throw new Unexpected(exchange)
  }

  /** The name of an image as it stands in requests at this address. */
  path(name: string, rest: string): string {
    return `${this.subject.address.prefix}${name}/${rest}`
  }

  /** What is pushed to this repository is called so. */
  get imageName(): string {
    return this.names.image
  }

  /** A request about what is pushed, by somebody who is logged in. */
  onImage(rest: string, ...actions: string[]): Pick<Ask, 'path' | 'as' | 'scope'> {
    return { path: this.path(this.imageName, rest), ...asUser(this.imageName, ...actions) }
  }

  close(): void {
    this.#door.close()
  }
}
