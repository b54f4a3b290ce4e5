/** Who signs in, and with which password. */
export interface SignIn {
  /** Undefined where nobody does. */
  readonly username: string | undefined
  /** The server refused the wanted password and has accepted the first one of a new server, which is still in use. */
  readonly provisional: boolean
  /**
   * Goes on with the wanted password, once `set` has made it that of the user: the old one is void with its answer. Throws what `set` does,
   * and nothing has changed then.
   * `from` is where the wanted password came from, for sentences: `NEXUS_PASSWORD`.
   */
  goOnWithWanted(set: (from: string) => Promise<void>): Promise<void>
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
