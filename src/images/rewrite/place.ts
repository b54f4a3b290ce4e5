/** The name of an image in a text. */
export interface Place {
  /** Offset of its first character. */
  start: number
  /** Offset behind its last one: what is written with escapes is longer than the name. */
  end: number
  value: string
  /** Undefined for what is an image. `perhaps` is taken for one where it has a registry or a tag; `left` is only told. */
  doubt?: 'perhaps' | 'left'
}
