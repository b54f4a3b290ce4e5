/**
 * A text without the marks that a file has around it: the byte order mark of Windows at its start, the line end of editors, `echo` and
 * `kubectl create secret --from-file` at its end. They are seen by nobody, and part of no value: whoever reads a variable, a secret file or
 * standard input leaves them out here. Of several line ends one goes.
 */
export function withoutFileMarks(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/(?:\r\n|\n|\r)$/, '')
}

/** Whether a text begins or ends with something that nobody sees: white space, a zero-width or a control character. */
export function hasInvisibleEnds(text: string): boolean {
  return /^[\p{White_Space}\p{Cf}\p{Cc}]|[\p{White_Space}\p{Cf}\p{Cc}]$/u.test(text)
}
