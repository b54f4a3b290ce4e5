import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

it('the demo shows the plan once, a second run with nothing to do, the proof, and what to do next', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['scripts/demo.js'], {
    cwd: root,
    env: { PATH: process.env['PATH'] },
  })
  expect(stderr).toBe('')
  expect(stdout.match(/^Plan: /gm)).toHaveLength(1)
  expect(stdout.match(/^No changes\./gm)).toHaveLength(1)
  expect(stdout).toMatch(/^It works: 18 passed\./m)
  expect(stdout).toMatch(/^# pulled 127\.0\.0\.1:\d+\/library\/hello:latest through the group/m)
  expect(stdout.trimEnd().split('\n').length, 'two screens at most').toBeLessThan(100)
  expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([
    expect.stringMatching(/^npm pack && npm install --global \.\/nexus-docker-[\d.]+\.tgz$/),
    'nexus-docker init',
  ])
})
