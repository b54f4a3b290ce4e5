// What others may write to do harm to a terminal or a log, and how to see that it did not get there.

/** Each with a word by which it is found again. */
export const hostileTexts: readonly string[] = [
  'esc\u001b[2J\u001b]0;title\u0007end',
  'c1\u009b31m\u0085\u0090end',
  'c0\u0000\u0008\u000b\u000c\u007fend',
  'bidi\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069end',
  'lines\u2028one\u2029two\r\nthree\rfour\nend',
  'command\n::error::forged\r\n  ::notice title=forged::forged\n##[error]forged\n##vso[task.forged]',
  '::warning::forged',
  '$& $1 $` %s %d ${forged} `forged` | forged',
]

/** Characters of a text that must never be printed raw: everything that moves, colours, reorders or ends a line. */
export function rawControls(text: string): string[] {
  const found =
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are looked for
    text.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g) ?? []
  return [...new Set(found)].map((character) => `U+${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Lines that a runner of jobs would take for a command, and that are not one of our annotations. */
export function forgedCommands(text: string): string[] {
  return text
    .split(/\r\n|[\n\r]/)
    .filter((line) => /^\s*::/.test(line) || /##(\[|vso\[)/.test(line))
    .filter((line) => !/^::(error|warning) (file=[^:]*,)?(line=\d+,)?(col=\d+,)?title=[^:]*::/.test(line))
}
