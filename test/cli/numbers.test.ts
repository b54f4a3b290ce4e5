// Durations and numbers of options: out of range is one sentence, before anything is read or sent.
import { InvalidArgumentError } from 'commander'
import { expect, test } from 'vitest'
import {
  parseDuration,
  parseMilliseconds,
  parseParallelism,
  parsePort,
  parseTimeout,
} from '../../src/cli/option-values.ts'
import { runCli } from '../helpers/run-cli.ts'

const never = ['', ' ', '-1', '1 0', 'abc', 'NaN', 'Infinity', '0x10', '1e9', '9'.repeat(400)]
const noDurations = [...never, '-1s', '1 s', '5 minutes', '1d', '25h', '1441m', '9999999h']

test.each([
  {
    parse: parseDuration,
    wrong: noDurations,
    right: { '0': 0, '300ms': 300, '1.5': 1500, '24h': 86_400_000 },
  },
  { parse: parseTimeout, wrong: [...noDurations, '0', '0s', '0.0001ms'], right: { '1ms': 1, '2m': 120_000 } },
  { parse: parseParallelism, wrong: [...never, '0', '101', '1.5'], right: { '1': 1, '100': 100 } },
  { parse: parsePort, wrong: [...never, '65536', '80.5'], right: { '0': 0, '65535': 65_535 } },
  { parse: parseMilliseconds, wrong: [...never, '3600001', '1s'], right: { '0': 0, '3600000': 3_600_000 } },
])('$parse.name', ({ parse, wrong, right }) => {
  for (const text of wrong) expect(() => parse(text), text).toThrow(InvalidArgumentError)
  for (const [text, value] of Object.entries(right)) expect(parse(text)).toBe(value)
})

test.each([
  ['plan', '--timeout', '0'],
  ['apply', '--wait', '-1s'],
  ['wait', '--for', '1e9'],
  ['plan', '--parallelism', '100000'],
  ['sandbox', '--port', '70000'],
  ['sandbox', '--latency', 'abc'],
])('%s %s %s', async (command, option, value) => {
  const { code, stdout, stderr } = await runCli([command, option, value])
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  expect(stderr).toMatch(
    new RegExp(`^error: option '${option} <\\w+>' argument '${value}' is invalid\\. Write .*\\.\\n$`),
  )
})
