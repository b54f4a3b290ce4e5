import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readStream } from '../../src/config/sources/read-bounded.ts'
import { readSources, type SourceIo } from '../../src/config/sources/read-sources.ts'
import { plain } from '../../src/core/paint.ts'
import { renderProblems } from '../../src/report/problems.ts'
import { parseYaml } from '../../src/yaml/parse.ts'
import { defined } from './defined.ts'

let cwd = ''

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'read-sources-'))
  writeFileSync(join(cwd, 'repos.yml'), 'a: ü\n')
  mkdirSync(join(cwd, 'conf.d/sub.yml'), { recursive: true })
  for (const name of ['20-b.yaml', '10-a.yml', '.hidden.yml', 'notes.txt', 'UPPER.YML']) {
    writeFileSync(join(cwd, 'conf.d', name), `# ${name}\n`)
  }
  writeFileSync(join(cwd, 'conf.d/sub.yml/inner.yml'), '')
  symlinkSync(join(cwd, 'repos.yml'), join(cwd, 'conf.d/30-link.yml'))
  mkdirSync(join(cwd, 'empty.d'))
  writeFileSync(join(cwd, 'latin1.yml'), Buffer.from('a: 1\nb: x\xfcy\n', 'latin1'))
  writeFileSync(join(cwd, 'utf16.yml'), Buffer.from('\uFEFFa: 1\n', 'utf16le'))
  writeFileSync(join(cwd, 'bom.yml'), '\uFEFFa: 1\n')
  writeFileSync(join(cwd, 'large.yml'), Buffer.alloc(16 * 1024 * 1024 + 1, 0x20))
  symlinkSync('loop.yml', join(cwd, 'loop.yml'))
})

afterAll(() => rmSync(cwd, { recursive: true }))

function read(inputs: string[], stdin: SourceIo['stdin'] = unexpected) {
  return readSources(inputs, { stdin, cwd })
}

function unexpected(): Promise<Uint8Array> {
  throw new Error('standard input was read')
}

async function told(...inputs: string[]): Promise<string[]> {
  const { problems } = await read(inputs)
  return problems.map(({ code, span, message, hint }) =>
    [code, span?.file, message, hint].filter(Boolean).join(' | '),
  )
}

test('files, directories and standard input, in the order given', async () => {
  const { sources, problems } = await read(['conf.d', '-', 'repos.yml', join(cwd, 'repos.yml')], () =>
    Promise.resolve(Buffer.from('from: stdin\n')),
  )
  expect(problems).toEqual([])
  expect(sources).toEqual([
    { name: 'conf.d/10-a.yml', text: '# 10-a.yml\n' },
    { name: 'conf.d/20-b.yaml', text: '# 20-b.yaml\n' },
    { name: 'conf.d/30-link.yml', text: 'a: ü\n' },
    { name: 'conf.d/UPPER.YML', text: '# UPPER.YML\n' },
    { name: '-', text: 'from: stdin\n' },
    { name: 'repos.yml', text: 'a: ü\n' },
    { name: join(cwd, 'repos.yml'), text: 'a: ü\n' },
  ])
})

test('what cannot be read is told for each, the rest is read', async () => {
  const { sources, problems } = await read(['no.yml', 'repos.yml', 'empty.d'])
  expect(sources.map(({ name }) => name)).toEqual(['repos.yml'])
  expect(problems.map(({ span }) => span?.file)).toEqual(['no.yml', 'empty.d'])
})

test('missing files and directories', async () => {
  expect(await told('zzz.yml')).toEqual([
    'cannot-read | zzz.yml | cannot read it: there is no such file or directory',
  ])
  expect(await told('repo.yml')).toEqual([
    'cannot-read | repo.yml | cannot read it: there is no such file or directory | did you mean repos.yml?',
  ])
  expect(await told('repos.yml/x')).toEqual([
    'cannot-read | repos.yml/x | cannot read it: a part of its path is not a directory',
  ])
  expect(await told('loop.yml')).toEqual([
    'cannot-read | loop.yml | cannot read it: its symbolic links form a loop',
  ])
  expect((await told('a\0b'))[0]).toMatch(/^cannot-read/)
  expect((await told('x'.repeat(300)))[0]).toContain('cannot read it: the name is too long')
  expect(await told('')).toEqual(['cannot-read | cannot read it: the file name is empty'])
})

test('a directory without YAML', async () => {
  expect(await told('empty.d')).toEqual([
    'no-files | empty.d | the directory contains no YAML file | only *.yml and *.yaml directly in it are read, not in subdirectories',
  ])
})

test('bytes that are no UTF-8: the place of the first, once, also after parsing', async () => {
  const { sources, problems } = await read(['latin1.yml'])
  const all = [...problems, ...sources.flatMap((source) => parseYaml(source).problems)]
  expect(
    renderProblems(all, sources, plain),
  ).toBe(`error[not-utf8]: latin1.yml:2:5: the file is not valid UTF-8 text
  2 | b: x\uFFFDy
    |     ^
  hint: save it as UTF-8 (PowerShell before 7 writes UTF-16 with ">": use Out-File -Encoding utf8)

1 problem (1 error)`)
  expect((await read(['utf16.yml'])).problems).toMatchObject([{ code: 'not-utf8', span: { start: 0 } }])
})

test('a byte order mark is accepted', async () => {
  const { sources, problems } = await read(['bom.yml'])
  expect(problems).toEqual([])
  expect(parseYaml(defined(sources[0])).problems).toEqual([])
})

test('more than 16 MiB, or an endless device, is not read on', async () => {
  expect((await told('large.yml', '/dev/zero')).map((line) => line.split(' | ').slice(0, 2))).toEqual([
    ['file-too-large', 'large.yml'],
    ['file-too-large', '/dev/zero'],
  ])
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(64 * 1024))
    },
  })
  const { problems } = await read(['-'], (limitBytes) => readStream(endless, limitBytes))
  expect(problems).toMatchObject([{ code: 'file-too-large', span: { file: '-' } }])
})

test('standard input is read once, and may fail', async () => {
  let asked = 0
  const twice = await read(['-', '-'], () => {
    asked += 1
    return Promise.resolve(Buffer.from('a: 1\n'))
  })
  expect(asked).toBe(1)
  expect(twice.sources).toHaveLength(1)
  expect(twice.problems).toMatchObject([{ code: 'stdin-twice', span: { file: '-' } }])
  const failed = await read(['-'], () => Promise.reject(Object.assign(new Error('x'), { code: 'EIO' })))
  expect(failed.problems).toMatchObject([{ code: 'cannot-read', message: 'cannot read standard input: EIO' }])
})
