import { fileProblem, type Problem, type SourceFile } from '../core/problem.ts'
import { formatSize } from '../core/size.ts'

/** A thousand repositories with every field are about 1 MiB. How much YAML may be in it is limited as well (documents.ts). */
export const maximumSourceBytes = 16 * 1024 * 1024

// YAML 1.2 (5.1, c-printable) has no C0 controls but tab, LF and CR, no C1 controls but NEL, no lone surrogates.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffd\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** What makes a file no YAML text at all: too large, binary, not UTF-8. At most one problem; the parser needs none. */
export function checkText(source: SourceFile): Problem | undefined {
  if (source.text.length > maximumSourceBytes) return tooLarge(source.name)
  const match = unprintable.exec(source.text)
  if (!match) return undefined
  const about = (wording: Pick<Problem, 'code' | 'message' | 'hint'>) =>
    fileProblem(source.name, wording, match.index, match.index + 1)
  const code = match[0].charCodeAt(0)
  // The replacement character is what a lenient decoder leaves of bytes that are no UTF-8.
  if (code >= 0xd800) {
    return about({
      code: 'not-utf8',
      message: 'the file is not valid UTF-8 text',
      hint: 'save it as UTF-8 (PowerShell before 7 writes UTF-16 with ">": use Out-File -Encoding utf8)',
    })
  }
  const shown = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  return about({
    code: 'not-text',
    message: `the control character ${shown} is not allowed in YAML`,
    hint: 'is this a YAML file? In a double-quoted text such a character is written as an escape: "\\x1b"',
  })
}

/** The problem of a file above the limit. */
export function tooLarge(file: string): Problem {
  return fileProblem(file, {
    code: 'file-too-large',
    message: `the file is larger than ${formatSize(maximumSourceBytes)}`,
    hint: 'split it into several files and give each with -f',
  })
}

/** The problem of a file that is short enough and still too much: the parser would take too long. */
export function tooManyParts(file: string, offset: number): Problem {
  const message = 'the file has too many parts: a million keys, values and brackets come before this'
  return { ...tooLarge(file), message, span: { file, start: offset, end: offset } }
}
