import { expect, test } from 'vitest'
import { fileWith, runCli } from '../helpers/run-cli.ts'

test('with --sandbox nothing that the file says of the server has to be there', async () => {
  const file = fileWith(
    'nexus: {url: "${UNSET_URL}", password: "${UNSET_PASSWORD}"}\nrepositories: {apps: {type: hosted}}\n',
  )
  const applied = await runCli(['apply', '-f', file, '--sandbox', '3.77.0'])
  expect(applied).toMatchObject({ code: 0 })
  expect(applied.stdout).toContain('Nexus 3.77.0 community')
  const planned = await runCli(['plan', '-f', file], { env: { NEXUS_PASSWORD: 'x' } })
  expect(planned.code).toBe(3)
  expect(planned.stderr).toContain('UNSET_URL')
})

test('a version that is none is one sentence, not a bug', async () => {
  const result = await runCli([
    'plan',
    '-f',
    fileWith('repositories: {apps: {type: hosted}}\n'),
    '--sandbox',
    'foo',
  ])
  expect(result).toMatchObject({ code: 3, stdout: '' })
  expect(result.stderr).toBe('error: --sandbox: not a Nexus version: "foo"; expected e.g. 3.90.0\n')
})
