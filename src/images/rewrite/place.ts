/** The name of an image in a text. */
export interface Place {
  /** Offset of its first character. */
  start: number
  /** Offset behind its last one: what is written with escapes is longer than the name. */
  end: number
  value: string
}
