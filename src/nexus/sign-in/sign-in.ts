/** Whom to sign in as. */
export interface SignInOptions {
  username?: string | undefined
  password?: string | undefined
  /** Where the password came from, for the sentence after a failed login: `NEXUS_PASSWORD`. */
  passwordFrom?: string | undefined
  /** What the server may still have in place of `password`. Sent to a Nexus alone. */
  initialPassword?: InitialPassword | undefined
}

/** The first password of a server that nobody has set up yet. */
export interface InitialPassword {
  /** For sentences: `bootstrap.initialPassword (file /nexus-data/admin.password)`. */
  readonly from: string
  /** The password, where there is evidence at this moment that the server has no other one: its file is there. Waits for nothing. */
  evident(): Promise<string | undefined>
  /** Its file was there and is gone: the server removes it when the password is changed, so somebody has changed it. */
  gone(): boolean
  /**
   * Looked up when the server has refused the wanted one. May wait for a file to appear, until `signal` ends that. Undefined where there
   * is nothing to try, as when the file is `gone`. Throws UserError where there should be something.
   */
  find(signal: AbortSignal): Promise<string | undefined>
  /** A sentence for the hint when it was refused, or not tried. */
  readonly note: string | undefined
}
