/** Inline code that may stand in a table cell. */
export function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``
}

/** Text in a table cell: nothing in it may end the cell or become markup. */
export function escapeMarkup(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|]/g, (character) => `\\${character}`).replaceAll('\n', ' ')
}
