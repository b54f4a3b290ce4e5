/** Inline code that may stand in a table cell. */
export function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``
}

/** A sentence with what to do about it. */
export function withHint({ message, hint }: { message: string; hint?: string }): string {
  return `${escapeMarkup(message)}${hint ? ` (${escapeMarkup(hint)})` : ''}`
}

/** Text in a table cell: nothing in it may end the cell or become markup. */
export function escapeMarkup(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|]/g, (character) => `\\${character}`).replaceAll('\n', ' ')
}
