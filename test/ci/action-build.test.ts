// The step of action.yml that builds the program runs other people's code: it must not see the secrets of the job.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { folderWith } from '../helpers/run-cli.ts'
import { root } from './ci-files.ts'
import { type Environment, runStep } from './runners.ts'

const action = parse(readFileSync(`${root}action.yml`, 'utf8')) as {
  runs: { steps: { run: string; env?: Environment }[] }
}
const [build] = action.runs.steps

/** Runs the step in a checkout; what npm was called with, and the environment that it had. */
async function builtIn(files: Record<string, string>, env: Environment) {
  const folder = folderWith({
    'programs/npm': '#!/bin/sh\necho "$*" >> calls.txt\nenv >> env.txt\n',
    ...files,
  })
  chmodSync(join(folder, 'programs/npm'), 0o755)
  for (const name of ['calls.txt', 'env.txt']) writeFileSync(join(folder, name), '')
  const machine = {
    folder,
    path: `${folder}/programs:${process.env['PATH'] ?? ''}`,
    env: {},
    noted: () => [],
  }
  const shell = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', build?.run ?? ''] as const
  const { code, log } = await runStep([...shell], machine, { ...env, GITHUB_ACTION_PATH: folder })
  expect({ code, log }).toEqual({ code: 0, log: '' })
  const [calls = '', seen = ''] = ['calls.txt', 'env.txt'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  )
  return { calls: calls.split('\n').slice(0, -1), seen }
}

const secrets = {
  NEXUS_PASSWORD: 'canary-1',
  NEXUS_URL: 'https://admin:canary-2@nexus.example.com',
  DOCKERHUB_TOKEN: 'canary-3',
  GITHUB_TOKEN: 'canary-4',
  ACTIONS_RUNTIME_TOKEN: 'canary-5',
  NODE_OPTIONS: '--title=canary-6',
  MULTI: 'line\nPATH=canary-7',
}
const needs = {
  HOME: '/home/runner',
  https_proxy: 'http://proxy:3128',
  NO_PROXY: 'localhost',
  NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
  npm_config_registry: 'https://npm.example.com/',
}

it('builds with what npm needs and without the secrets of the job', async () => {
  expect(build?.env).toBeUndefined()
  const { calls, seen } = await builtIn({}, { ...secrets, ...needs })
  expect(calls).toEqual(['ci --ignore-scripts --no-audit --no-fund', 'run --silent build'])
  expect(seen).not.toMatch(/canary|NEXUS|TOKEN/)
  for (const [name, value] of Object.entries(needs)) expect(seen).toContain(`${name}=${value}\n`)
})

it('builds nothing where the program is there', async () => {
  expect((await builtIn({ 'dist/cli.cjs': '' }, secrets)).calls).toEqual([])
})
