// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/gu
// Among them the marks that turn the direction of text: they make a line read as something else than it says.
const invisible = /\p{Cf}/gu

/** The text for one line of a terminal: nothing in it can move the cursor, change colours or reorder what is shown. */
export function printable(text: string): string {
  return text
    .replace(/\r?\n|\t/g, ' ')
    .replace(control, '\uFFFD')
    .replace(invisible, '')
}
