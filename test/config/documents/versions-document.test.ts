import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { CAPABILITIES, gateOf } from '../../../src/nexus/capabilities.ts'

const path = fileURLToPath(new URL('../../../docs/reference/versions.md', import.meta.url))
const table = /(?<=<!-- gates -->\n)[\s\S]*?(?=<!-- end -->)/

/** The oldest first; what came with the same version by its name. */
function rows(): string[][] {
  const numbers = (version: string) => Number(version.split('.')[1])
  const gates = CAPABILITIES.map(gateOf).toSorted(
    (a, b) => numbers(a.since) - numbers(b.since) || a.label.localeCompare(b.label),
  )
  return gates.map(({ since, label, edition, untilOutsidePro }) => [
    label,
    since.replace(/\.0$/, ''),
    edition === undefined
      ? untilOutsidePro === undefined
        ? 'all'
        : `all; only Pro from ${untilOutsidePro.replace(/\.0$/, '')} on`
      : { pro: 'Pro', community: 'Community' }[edition],
  ])
}

function padded(cells: readonly string[][]): string {
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = cells
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}

test('docs/reference/versions.md has the gates of the program (else: vitest run test/config/documents -u)', async () => {
  const written = readFileSync(path, 'utf8')
  expect(table.test(written)).toBe(true)
  const cells = [['what', 'from', 'edition'], ...rows()]
  expect(cells.length).toBeGreaterThan(10)
  await expect(written.replace(table, `${padded(cells)}\n`)).toMatchFileSnapshot(path)
})
