import { UserError } from '../core/errors.ts'
import { LostAnswerError } from '../http/lost-answer.ts'
import { type Answer, isHtml, isRepeatable, type ReadAnswer } from '../http/message.ts'
import { nameOf } from '../http/sentence.ts'
import { Transport } from '../http/transport.ts'
import { assureNexus } from './assure-nexus.ts'
import type { ConnectionOptions, Nexus, NexusRequest, NexusResponse, ServerInfo } from './connection.ts'
import { explainAnswer } from './errors/explain.ts'
import { NEXUS } from './identity.ts'
import { mayRepeat } from './repeat.ts'
import { Credentials } from './sign-in/credentials.ts'
import { createSignedIn, type SignedIn } from './sign-in/signed-in.ts'
import { parseServerHeader, parseVersionHint } from './version.ts'

export type * from './connection.ts'
export { AnswerError, LostAnswerError } from './errors/answer-error.ts'
export type { InitialPassword } from './sign-in/sign-in.ts'
export { detectServer } from './version.ts'

/**
 * A client of one Nexus server. Sends nothing yet. Throws UserError with exit code 3 for a URL, certificate, proxy or version hint that
 * cannot be used.
 */
export function createNexus(options: ConnectionOptions): Nexus {
  return new NexusClient(options)
}

class NexusClient implements Nexus {
  readonly counts: Nexus['counts']
  readonly signIn: Credentials
  readonly #options: ConnectionOptions
  readonly #transport: Transport
  readonly #hint: ServerInfo | undefined
  readonly #signedIn: SignedIn
  #seen: ServerInfo | undefined
  #reached = false
  #proven = false
  #assured: Promise<void> | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#transport = new Transport(options, NEXUS, ({ headers }) => {
      this.#reached = true
      this.#seen ??= parseServerHeader(headers['server'])
    })
    this.#hint = options.versionHint === undefined ? undefined : parseVersionHint(options.versionHint)
    const { address, lifetime, counts } = this.#transport
    this.counts = counts
    this.signIn = new Credentials({
      ...options,
      username: options.username ?? address.username,
      password: options.password ?? address.password ?? '',
    })
    this.#signedIn = createSignedIn(this.signIn, lifetime, (request, answer) =>
      this.#explained(request, answer),
    )
  }

  get server(): ServerInfo | undefined {
    return this.#seen ?? (this.#reached ? this.#hint : undefined)
  }

  async request(request: NexusRequest): Promise<NexusResponse> {
    this.#transport.lifetime.assertGoingOn(nameOf(request))
    if (!request.anonymous) await this.#assureNexus(request)
    const signsIn = !request.anonymous && this.signIn.username !== undefined
    return this.#conclude(
      request,
      await this.#transport.request(request, {
        ...(signsIn && { attempt: (send) => this.#signedIn(request, send) }),
        mayRepeat: (outcome, passing) =>
          mayRepeat(outcome, passing, { request, unproven: signsIn && !this.signIn.accepted }),
      }),
    )
  }

  close(): void {
    this.#transport.close()
  }

  /** Credentials are for Nexus alone. Who answers is asked once, and not at all where the file says which version it is. */
  async #assureNexus(request: NexusRequest): Promise<void> {
    if (!this.#options.assureNexus || this.signIn.username === undefined) return
    if (this.#seen || this.#hint) return
    // Without a password there is nothing to be sent, and nothing to be asked.
    this.signIn.check()
    this.#assured ??= assureNexus(this, nameOf(request)).catch((error: unknown) => {
      if (error instanceof UserError) this.#transport.lifetime.refuse(error)
      throw error
    })
    await this.#assured
  }

  #conclude(request: NexusRequest, { answer, body }: ReadAnswer): NexusResponse {
    const { status } = answer
    const isSuccess = status >= 200 && status < 300 && !isHtml(answer)
    if (isSuccess) this.#proven = true
    if (isSuccess || request.allow?.includes(status)) return { status, body }
    const saysNothing = status < 300 || status === 502 || status === 504
    if (saysNothing && !isRepeatable(request)) {
      throw new LostAnswerError(
        request,
        status < 300 ? 'a web page came back' : `a proxy in front answered ${status}`,
      )
    }
    throw this.#explained(request, answer)
  }

  #explained(request: NexusRequest, answer: Answer): UserError {
    // A server may quote what it was sent, and a sentence may be cut: half a secret would not be found any more.
    const text = this.#options.redactor.redact(answer.text)
    const { server } = this
    const { username, tried, note } = this.signIn
    const signedIn = !request.anonymous && username !== undefined
    return explainAnswer(
      { ...answer, text },
      {
        request,
        base: this.#transport.address.base,
        unproven: !this.#proven,
        ...(signedIn && { username, passwords: { tried, note } }),
        ...(server && { server }),
      },
    )
  }
}
