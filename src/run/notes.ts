import type { Terminal } from '../ui/terminal.ts'

/** What the reader has to know beside what was asked for. */
export function tellNotes(notes: readonly string[], { clean, err, errPaint }: Terminal): void {
  for (const note of clean(notes)) err(`${errPaint.cyan('note:')} ${note}`)
}
