// The files that docs/how-to/ci.md shows, by the name in their first line.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { blocksOf, fileNameOf } from '../helpers/documents.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))

const files = new Map(
  blocksOf(readFileSync(`${root}docs/how-to/ci.md`, 'utf8')).flatMap((block) => {
    const name = fileNameOf(block)
    return name === undefined ? [] : [[name, block.lines.join('\n')]]
  }),
)

export const ciFileNames: readonly string[] = [...files.keys()]

export function ciFile(name: string): string {
  const text = files.get(name)
  if (text === undefined)
    throw new Error(`docs/how-to/ci.md shows no ${name}; it has ${ciFileNames.join(', ')}`)
  return text
}
