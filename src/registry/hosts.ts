import { UserError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import type { Failure } from '../http/failure.ts'
import { pause } from '../http/lifetime.ts'
import type { Answer, HttpRequest } from '../http/message.ts'
import type { TransportOptions } from '../http/options.ts'
import type { Service } from '../http/sentence.ts'
import { Transport } from '../http/transport.ts'
import { RegistryError } from './errors.ts'
import type { RegistryOptions } from './options.ts'
import { shownUrl } from './places.ts'
import { Throttle } from './throttle.ts'

const SERVICE: Service = { name: 'the registry', port: 443, example: 'https://host/context' }

/** Of a manifest, or of a page of tags: distribution's own limit. */
export const LONGEST_ANSWER = 4 * 1024 ** 2
const LONGEST_TOKEN_ANSWER = 64 * 1024
/** Uploads are hashed and moved before they are answered. */
const TIMEOUT_MS = 60_000

type Purpose = 'content' | 'token'

/** A request to wherever the URL leads, once allowed. Redirects are answers. */
export type Sent = Omit<HttpRequest, 'path' | 'redirects'> & { what: string }

export interface SendOptions {
  authorization?: string | undefined
  /** `token`: no bodies are shown, and answers are short. */
  purpose?: Purpose
  /** False: one attempt, and the caller goes on from there. */
  repeats?: boolean
}

/** A transport for each origin that a registry leads to, with the pauses that it asks for. */
export class Hosts {
  readonly #options: RegistryOptions
  readonly #own: string
  readonly #hosts = new Map<string, { transport: Transport; throttle: Throttle }>()
  readonly #warned = new Set<string>()

  /** `own`: the origin of the registry, which gets the client certificate. */
  constructor(options: RegistryOptions, own: string) {
    this.#options = options
    this.#own = own
    this.#to(own, 'content')
  }

  /** Any final answer. Throws RegistryError where there is none, with the `kind` of failure. */
  async send(url: URL, request: Sent, options: SendOptions = {}): Promise<Answer> {
    const { authorization, purpose = 'content', repeats = true } = options
    const { transport, throttle } = this.#to(url.origin, purpose)
    let failure: Failure | undefined
    try {
      const { answer } = await transport.request(
        { ...request, path: url.pathname + url.search, redirects: 'answer' },
        {
          attempt: async (send) => {
            if (throttle.wait > 0) await this.#pause(throttle.wait, transport)
            failure = undefined
            const result = await send(authorization)
            failure = result.failure
            if (result.answer) throttle.note(result.answer)
            return result
          },
          ...(!repeats && { mayRepeat: () => false }),
        },
      )
      for (const text of warningsOf(answer)) this.warn(text)
      return answer
    } catch (error) {
      if (!(error instanceof UserError) || !failure || error.code === 'interrupted') throw error
      throw new RegistryError(error.code, error.message, {
        request: { method: request.method, url: shownUrl(url) },
        kind: failure.kind,
        hint: failure.kind === 'too-large' ? undefined : error.hint,
        exitCode: 4,
      })
    }
  }

  /** Waits, unless everything has ended. */
  async rest(milliseconds: number): Promise<void> {
    const { transport } = this.#to(this.#own, 'content')
    await this.#pause(milliseconds, transport)
    transport.lifetime.assertGoingOn('the next attempt')
  }

  /** Says it once. */
  warn(text: string): void {
    if (this.#warned.has(text)) return
    this.#warned.add(text)
    this.#options.onWarning?.(text)
  }

  throttle(origin: string): Throttle {
    return this.#to(origin, 'content').throttle
  }

  close(): void {
    for (const { transport } of this.#hosts.values()) transport.close()
  }

  async #pause(milliseconds: number, { lifetime }: Transport): Promise<void> {
    await (this.#options.delay ?? ((ms) => pause(ms, lifetime.stop)))(milliseconds)
  }

  #to(origin: string, purpose: Purpose) {
    const key = `${purpose} ${origin}`
    const known = this.#hosts.get(key)
    if (known) return known
    const { onRequest, timeoutMs, ...others } = this.#options
    const options: TransportOptions = {
      ...others,
      url: origin,
      timeoutMs: timeoutMs ?? TIMEOUT_MS,
      maxAnswerBytes: purpose === 'token' ? LONGEST_TOKEN_ANSWER : LONGEST_ANSWER,
      ...(origin !== this.#own && { clientCert: undefined, clientKey: undefined, connectTo: undefined }),
      // Said of the registry, not of whomever it names.
      insecure: this.#options.insecure === true && new URL(origin).hostname === new URL(this.#own).hostname,
      onRequest: ({ requestBody, responseBody, ...event }) =>
        onRequest?.({
          ...event,
          path: shownUrl(origin === this.#own ? event.path : origin + event.path),
          ...(purpose === 'content' && { requestBody, responseBody }),
        }),
    }
    const made = { transport: new Transport(options, SERVICE), throttle: new Throttle() }
    this.#hosts.set(key, made)
    return made
  }
}

/** `Warning: 299 - "text"`, as OCI distribution-spec 1.1 has it; several in one header are read as their texts. */
function warningsOf({ headers }: Answer): string[] {
  const warnings = (headers['warning'] ?? '').slice(0, 4000).matchAll(/299 \S{1,200} "((?:[^"\\]|\\.)*)"/g)
  return [...warnings].slice(0, 10).map(([, text = '']) => printable(text.replace(/\\(.)/g, '$1')))
}
