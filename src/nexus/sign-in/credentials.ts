import { UserError } from '../../core/errors.ts'
import { hasInvisibleEnds } from '../../core/file-marks.ts'
import { whyNoPassword } from '../../core/secrets/passwords.ts'
import type { Redactor } from '../../core/secrets/redact.ts'
import type { SignInOptions } from './sign-in.ts'

type CredentialOptions = SignInOptions & { password: string; redactor: Redactor }

/** Refusals in a row at most: 3.96 locks a user name after three (nexus-api section 1.2). */
const MOST_REFUSALS = 2

/**
 * The credentials that requests are sent with, replaced in this one place. The password that the evidence favours goes first: the
 * initial one where its file is there, else the wanted one; after a refusal the other one. Whoever has changed the password meanwhile
 * has removed the file: it is looked at before each request, and the wanted one is sent from then on.
 */
export class Credentials {
  /** Undefined where nobody signs in. */
  readonly username: string | undefined
  /** Sources of the passwords that were sent, in order, for sentences. */
  readonly tried: string[] = []
  /** The server is asked with the first password of a new one, not with the wanted one. */
  provisional = false
  /** The server has accepted what is sent. */
  accepted = false
  readonly #options: CredentialOptions
  #current: string
  #refusals = 0
  /** The initial one is no longer the server's. */
  #isOver = false

  constructor(options: CredentialOptions) {
    this.#options = options
    this.username = options.username
    this.#current = options.password
    this.#makeKnown(options.password)
  }

  /** What to add when the password is refused: what nobody sees of it, then of the initial one, or that there could be one. */
  get note(): string | undefined {
    const { initialPassword, username, password } = this.#options
    const isNew = 'If the server is new, write its initial password into bootstrap.initialPassword.'
    const notes = [
      hasInvisibleEnds(password)
        ? 'The password begins or ends with white space or another invisible character.'
        : undefined,
      initialPassword ? initialPassword.note : username === 'admin' ? isNew : undefined,
    ]
    return notes.filter((note) => note !== undefined).join(' ') || undefined
  }

  /** Throws `no-password` where the wanted one can be nobody's: sending it would only cost a failed sign-in. */
  check(): void {
    if (this.username !== undefined) this.#assertPassword(this.#options.password)
  }

  /** The value of the header of the request that is sent now. Throws `no-password`. */
  async authorization(): Promise<string | undefined> {
    if (this.username === undefined) return undefined
    this.check()
    await this.#choose()
    this.#assertPassword(this.#current)
    const from = this.provisional ? this.#options.initialPassword?.from : this.#options.passwordFrom
    if (from !== undefined && !this.tried.includes(from)) this.tried.push(from)
    return `Basic ${Buffer.from(`${this.username}:${this.#current}`).toString('base64')}`
  }

  /** The server has accepted what was sent last. */
  accept(): void {
    this.accepted = true
    this.#refusals = 0
  }

  /**
   * The server has refused what was sent last. Resolves with whether there is something else to send. Throws what is wrong with
   * the source of the initial password.
   */
  async next(signal: AbortSignal): Promise<boolean> {
    const { initialPassword } = this.#options
    this.#refusals += 1
    if (!initialPassword || this.#refusals >= MOST_REFUSALS) return false
    if (this.provisional) {
      // Its file is from a time before, or somebody has just changed the password.
      this.#useWanted()
      return true
    }
    if (this.accepted || this.#isOver) return false
    const initial = await initialPassword.find(signal)
    // Somebody may have set the wanted one since.
    if (initial === undefined) return initialPassword.gone()
    if (initial === this.#options.password) return false
    this.#useInitial(initial)
    return true
  }

  /**
   * Goes on with the wanted password, once `set` has made it that of the user: the old one is void with its answer. Throws what `set` does,
   * and nothing has changed then. `from` is where the wanted password came from, for sentences: `NEXUS_PASSWORD`.
   */
  async goOnWithWanted(set: (from: string) => Promise<void>): Promise<void> {
    await set(this.#options.passwordFrom ?? 'nexus.password')
    this.#useWanted()
    this.accepted = true
  }

  async #choose(): Promise<void> {
    const { initialPassword } = this.#options
    if (this.provisional) {
      if (initialPassword?.gone()) this.#useWanted()
      return
    }
    if (this.accepted || this.#isOver || this.#refusals > 0) return
    const evident = await initialPassword?.evident()
    if (evident !== undefined && evident !== this.#options.password) this.#useInitial(evident)
  }

  #useInitial(password: string): void {
    this.#makeKnown(password)
    this.#current = password
    this.provisional = true
  }

  #useWanted(): void {
    this.#current = this.#options.password
    this.provisional = false
    this.accepted = false
    this.#isOver = true
  }

  #makeKnown(password: string): void {
    const { redactor, username } = this.#options
    redactor.add(password)
    if (username !== undefined && password !== '') redactor.add(`${username}:${password}`)
  }

  #assertPassword(password: string): void {
    const why = whyNoPassword(password)
    if (why === undefined) return
    const { username, initialPassword } = this.#options
    const message =
      password === ''
        ? `there is no password for user "${username}"`
        : `the password given for user "${username}" is ${why}`
    const hint = 'Set NEXUS_PASSWORD, nexus.password in the file, or --password-file.'
    throw new UserError('no-password', message, {
      hint: initialPassword
        ? `${hint} bootstrap.initialPassword is the server's initial password, not its new one.`
        : hint,
      exitCode: 4,
    })
  }
}
