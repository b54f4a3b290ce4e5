import { describe, expect, test } from 'vitest'
import { folderWith, runCli } from '../../helpers/run-cli.ts'
import { loadFiles, loadText, placed } from '../load-text.ts'
import { unmark, type WrongFile } from './wrong-file.ts'
import { wrongFiles } from './wrong-files.ts'

interface PrintedProblem {
  line?: number
  column?: number
  severity: string
  code: string
  message: string
  hint?: string
}

describe('one mistake, one problem, at its place', () => {
  test.each(
    wrongFiles.map((wrong) => ({
      ...wrong,
      name: `${wrong.code}: ${JSON.stringify(wrong.yaml).slice(0, 90)}`,
    })),
  )('$name', async (wrong) => {
    const { text, line, column } = unmark(wrong)
    const loaded = await loadText(text)
    const severity = wrong.severity ?? 'error'
    const problems: PrintedProblem[] = placed(loaded)
    expect(problems).toMatchObject([{ code: wrong.code, severity, line, column }])
    expect(problems[0]?.hint, 'a hint').toMatch(/\S/)
    if (wrong.says) expect(`${problems[0]?.message} ${problems[0]?.hint}`).toMatch(wrong.says)
    expect(loaded.config !== undefined, 'usable with warnings alone').toBe(severity === 'warning')
  })
})

/** Joins files that have the same sections: what follows `repositories:` in one is added to that of the others. */
function combine(files: readonly WrongFile[]): { text: string; expected: string[] } {
  const sections = new Map<string, { yaml: string; code: string }[]>()
  for (const { yaml, code } of files) {
    const [, section = '', rest = ''] = /^(repositories|blobStores):\n([\s\S]*)$/.exec(yaml) ?? [
      null,
      '',
      yaml,
    ]
    sections.set(section, [...(sections.get(section) ?? []), { yaml: rest, code }])
  }
  let text = ''
  const expected: string[] = []
  for (const [section, parts] of sections) {
    if (section !== '') text += `${section}:\n`
    for (const { yaml, code } of parts) {
      const place = unmark({ yaml: text + yaml })
      expected.push(`${place.line}:${place.column} ${code}`)
      text = place.text
    }
  }
  return { text, expected }
}

test('all that fits into one file is reported in one run', async () => {
  const files = wrongFiles.filter(({ alone, yaml }) => !alone && !/^nexus: /.test(yaml))
  // Of the keys at the top of the file each can stand there once; `nexus:` holds several mistakes.
  const nexus = 'nexus: {url: "${NEXUS_SERVER}", password: {env: NOT_THERE}, username: !vault admin}\n'
  const { text, expected } = combine(files)
  const found = placed(await loadText(nexus + text)).map(
    ({ line = 0, column = 0, code }: PrintedProblem) => `${line - 1}:${column} ${code}`,
  )
  const ofNexus = ['0:15 unset-variable', '0:49 secret-missing', '0:71 yaml-tag']
  expect(found.sort()).toEqual([...ofNexus, ...expected].sort())
  expect(new Set(expected.map((entry) => entry.split(' ')[1])).size).toBeGreaterThan(35)
})

describe('files that cannot be read', () => {
  test.each([
    { input: 'no-such.yml', code: 'cannot-read', says: /no such file/ },
    { input: 'reops.yml', code: 'cannot-read', says: /did you mean repos\.yml/ },
    { input: 'empty', code: 'no-files', says: /subdirectories/ },
    { input: 'latin.yml', code: 'not-utf8', says: /UTF-8/ },
    { input: 'large.yml', code: 'file-too-large', says: /16 MiB/ },
  ])('$code: $input', async ({ input, code, says }) => {
    const cwd = folderWith({
      'repos.yml': 'version: 1\n',
      'empty/notes.txt': '',
      'latin.yml': Buffer.from('version: 1 # f\xfcr', 'latin1'),
      'large.yml': `# ${'x'.repeat(16 * 1024 * 1024)}`,
    })
    const loaded = await loadFiles([input], { cwd })
    const [problem, ...others] = placed(loaded)
    expect(others).toEqual([])
    expect(problem).toMatchObject({ file: input, code, severity: 'error' })
    expect(`${problem?.message} ${problem?.hint}`).toMatch(says)
    expect(loaded.config).toBeUndefined()
  })

  test('standard input given twice', async () => {
    const problems = placed(
      await loadFiles(['-', '-'], { stdin: () => Promise.resolve(Buffer.from('version: 1')) }),
    )
    expect(problems).toMatchObject([{ file: '-', code: 'stdin-twice', hint: 'give - only once' }])
  })
})

describe('the built CLI says the same', () => {
  const sample = [0, 5, 9, 22, 27, 40, 52, 66, 80, 95].flatMap((index) => wrongFiles[index] ?? [])

  test.each(sample)('$code', async (wrong) => {
    const { text } = unmark(wrong)
    const { code, stdout, stderr } = await runCli(['validate', '-f', '-', '-o', 'json'], { input: text })
    expect(JSON.parse(stdout)).toEqual({
      formatVersion: 1,
      problems: placed(await loadText(text)),
    })
    expect(code).toBe(wrong.severity === 'warning' ? 0 : 3)
    expect(stderr).toBe('')
  })
})
