import { UserError } from '../core/errors.ts'
import { whyNoPassword } from '../core/passwords.ts'
import type { Redactor } from '../core/redact.ts'
import type { InitialPassword, ServerInfo } from './connection.ts'

export interface CredentialOptions {
  username: string | undefined
  password: string
  /** Where the password came from, for sentences. */
  passwordFrom?: string | undefined
  initialPassword?: InitialPassword | undefined
  redactor: Redactor
}

/**
 * The credentials that requests are sent with, replaced in this one place: the wanted password first; once the server has refused
 * it, the initial one; the wanted one again when it has been set, by this run or by another one. No password is sent twice that was
 * refused, but for that last case: then it has changed meanwhile.
 */
export class Credentials {
  readonly username: string | undefined
  /** Sources of the passwords that were sent, in order, for sentences. */
  readonly tried: string[] = []
  readonly #options: CredentialOptions
  #current: string
  #provisional = false
  #accepted = false
  #askedForInitial = false
  #others: string[] = []

  constructor(options: CredentialOptions) {
    this.#options = options
    this.username = options.username
    this.#current = options.password
    this.#makeKnown(options.password)
  }

  /** The server is asked with the initial password, not the wanted one. */
  get provisional(): boolean {
    return this.#provisional
  }

  get wanted(): string {
    return this.#options.password
  }

  /** What to add when the password is refused: of the initial one, or that there could be one. */
  get note(): string | undefined {
    const { initialPassword, username } = this.#options
    if (initialPassword) return initialPassword.note
    return username === 'admin'
      ? 'If the server is new, write its first password into bootstrap.initialPassword.'
      : undefined
  }

  /** The value of the header. Throws `no-password` for what can be nobody's: it would only cost a failed sign-in. */
  authorization(): string | undefined {
    if (this.username === undefined) return undefined
    const why = whyNoPassword(this.#current)
    if (why !== undefined) throw this.#noPassword(why)
    const from = this.#provisional ? this.#options.initialPassword?.from : this.#options.passwordFrom
    if (from !== undefined && !this.tried.includes(from)) this.tried.push(from)
    return `Basic ${Buffer.from(`${this.username}:${this.#current}`).toString('base64')}`
  }

  /** The server has accepted what was sent last. */
  accept(): void {
    this.#accepted = true
  }

  /**
   * The server has refused what was sent last. Resolves with whether there is something else to send. Throws what is wrong with
   * the source of the initial password.
   */
  async next(server: ServerInfo | undefined): Promise<boolean> {
    const { initialPassword, password } = this.#options
    if (!initialPassword) return false
    if (this.#provisional) return this.#nextAfterInitial(initialPassword)
    if (this.#accepted || this.#askedForInitial) return false
    this.#askedForInitial = true
    const candidates = await initialPassword.candidates(server)
    this.#others = [...new Set(candidates)].filter((candidate) => candidate !== password)
    // Without a candidate the wanted one is tried again where another run has changed it since.
    return this.#takeNext() || initialPassword.gone()
  }

  /** The wanted password is the user's from now on. */
  settle(): void {
    this.#current = this.wanted
    this.#provisional = false
    this.#accepted = true
  }

  /** Accepted once and refused now, or its file removed: somebody has just set another one, probably the wanted one. */
  #nextAfterInitial(initialPassword: InitialPassword): boolean {
    if (!this.#accepted && this.#takeNext()) return true
    if (!this.#accepted && !initialPassword.gone()) return false
    this.#current = this.wanted
    this.#provisional = false
    this.#accepted = false
    return true
  }

  #takeNext(): boolean {
    const candidate = this.#others.shift()
    if (candidate === undefined) return false
    this.#makeKnown(candidate)
    this.#current = candidate
    this.#provisional = true
    return true
  }

  #makeKnown(password: string): void {
    const { redactor, username } = this.#options
    redactor.add(password)
    if (username !== undefined && password !== '') redactor.add(`${username}:${password}`)
  }

  #noPassword(why: string): UserError {
    const { username, initialPassword } = this.#options
    const message =
      this.#current === ''
        ? `there is no password for user "${username}"`
        : `the password given for user "${username}" is ${why}`
    const hint = 'Set NEXUS_PASSWORD, nexus.password in the file, or --password-file.'
    return new UserError('no-password', message, {
      hint: initialPassword
        ? `${hint} bootstrap.initialPassword is the one that the server begins with, not the one that it is to have.`
        : hint,
      exitCode: 4,
    })
  }
}
