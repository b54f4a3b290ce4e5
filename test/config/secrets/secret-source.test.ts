import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  lookAtSecret,
  maximumSecretBytes,
  readSecret,
  secretInFile,
  secretInVariable,
  secretPath,
  tooLong,
} from '../../../src/config/sources/secret-source.ts'
import { folderWith } from '../../helpers/run-cli.ts'

const longest = 'ü'.repeat(maximumSecretBytes / 2)

test.each([
  ['A', { A: 'a\n' }, { text: 'a', whole: 'a\n' }],
  ['A', { A: '\r\n' }, { reason: 'empty', why: 'is empty' }],
  ['A', { A: longest }, { text: longest }],
  ['A', {}, { reason: 'missing', why: 'is not set' }],
  ['constructor', {}, { reason: 'missing', why: 'is not set' }],
  ['A', { A: '' }, { reason: 'empty', why: 'is empty' }],
  ['A', { A: `${longest}x` }, { reason: 'long', why: 'is longer than 64 KiB' }],
  ['a b', { 'a b': 'x' }, { reason: 'misnamed', why: 'is not the name of an environment variable' }],
])('the variable %s', (name, environment, found) => {
  expect(secretInVariable(name, environment)).toEqual(found)
})

test.each([
  ['text', { text: ' a ', whole: ' a \r\n' }, undefined],
  ['empty', { reason: 'empty', why: 'is empty' }, { reason: 'empty', why: 'is empty' }],
  ['break', { reason: 'empty', why: 'is empty' }, undefined],
  ['large', { reason: 'long', why: 'is larger than 64 KiB' }, { reason: 'long' }],
  ['none', { reason: 'missing', why: 'does not exist' }, { reason: 'missing' }],
  ['text/none', { reason: 'missing', why: 'does not exist' }, { reason: 'missing' }],
  ['.', { reason: 'unreadable', why: 'is a directory' }, { reason: 'unreadable' }],
])('the file %s, opened and from outside', async (name, found, looked) => {
  const folder = folderWith({ text: ' a \r\n', empty: '', break: '\n', large: `${longest}x` })
  expect(await secretInFile(join(folder, name))).toMatchObject(found)
  const seen = await lookAtSecret(join(folder, name))
  if (looked) expect(seen).toMatchObject(looked)
  else expect(seen).toBeUndefined()
})

test('standard input, and whatever else is read', async () => {
  expect(await readSecret(() => Promise.resolve(Buffer.from('a\n')))).toEqual({ text: 'a', whole: 'a\n' })
  expect(await readSecret(() => Promise.reject(new Error('gone')))).toMatchObject({
    reason: 'unreadable',
    why: 'cannot be read (unreadable)',
  })
})

test('length is counted in bytes', () => {
  expect(tooLong(longest)).toBeUndefined()
  expect(tooLong(`${longest}x`)).toMatchObject({ reason: 'long' })
})

test('a relative path is relative to the file that names it', () => {
  expect(secretPath('s', 'in/f.yml', '/somewhere')).toBe('/somewhere/in/s')
  expect(secretPath('s', '-', '/somewhere')).toBe('/somewhere/s')
  expect(secretPath('/s', 'in/f.yml', '/somewhere')).toBe('/s')
})
