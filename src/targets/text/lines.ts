import type { RenderInput } from '../contract.ts'
import { header } from '../header.ts'

/** Each line one step further in. */
export function indented(...lines: (string | readonly string[])[]): string[] {
  return lines.flat().map((line) => (line === '' ? '' : `    ${line}`))
}

/** A file of parts with a line between them, below our header. */
export function sheet(input: RenderInput, target: string, parts: readonly string[][]): string {
  const texts = parts.filter(({ length }) => length > 0).map((lines) => `${lines.join('\n')}\n`)
  return [header(input, target), ...texts].join('\n')
}
