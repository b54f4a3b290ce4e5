/** The name of an image in a text. */
export interface Place {
  /** Offset of its first character. */
  start: number
  /** The name, exactly as it stands there. */
  value: string
}
