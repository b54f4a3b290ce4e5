/** A line, several in one text, or none. */
export type Part = string | false | undefined

/** The parts that are there, one below the other. */
export function lines(...parts: readonly Part[]): string {
  return parts.filter((part) => part !== undefined && part !== false && part !== '').join('\n')
}

export function indented(text: string, by: string): string {
  return text.replaceAll(/^(?=.)/gm, by)
}
