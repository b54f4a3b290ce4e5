// Logins of docker and podman, as their files and helpers have them.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findCredentials } from '../../src/registry/credentials/store.ts'
import { USER } from './helpers.ts'

const auth = Buffer.from(`${USER.username}:${USER.password}`).toString('base64')
const other = Buffer.from('other:one').toString('base64')

function home(config?: object | string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'nexus-docker-home-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(path.join(folder, '.docker'))
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  if (config !== undefined) writeFileSync(path.join(folder, '.docker/config.json'), text)
  return folder
}

/** A folder with a program `docker-credential-test` that says this, and notes what it was asked. */
function helper(folder: string, script: string): string {
  const file = path.join(folder, 'docker-credential-test')
  writeFileSync(file, `#!/bin/sh\necho "$1 $(cat)" >> "${folder}/asked"\n${script}\n`)
  chmodSync(file, 0o755)
  return `${folder}:${process.env['PATH'] ?? ''}`
}

describe('credentials of config.json', () => {
  it.each([
    ['host', 'registry.example.com:5000', { 'registry.example.com:5000': { auth } }, USER],
    ['URL', 'registry.example.com', { 'https://registry.example.com/v2/': { auth } }, USER],
    ['Docker Hub', 'registry-1.docker.io', { 'https://index.docker.io/v1/': { auth } }, USER],
    ['in the clear', 'a', { a: USER }, USER],
    [
      'a former login',
      'a',
      { a: { auth: Buffer.from('x:').toString('base64'), identitytoken: 'token' } },
      { identityToken: 'token' },
    ],
    ['another host', 'a', { 'a.b': { auth }, 'a:5000': { auth } }, undefined],
    ['nothing', 'a', { a: {} }, undefined],
    ['damage', 'a', { a: { auth: '%%%' } }, undefined],
  ])('%s', async (_, host, auths, found) => {
    expect(await findCredentials(host, { environment: {}, home: home({ auths }) })).toEqual(found)
  })

  it('in the place that a variable names', async () => {
    const folder = home({ auths: { a: { auth } } })
    const none = home()
    const file = path.join(folder, '.docker/config.json')
    const runtime = home()
    mkdirSync(path.join(runtime, 'containers'))
    writeFileSync(path.join(runtime, 'containers/auth.json'), readFileSync(file))
    for (const environment of [
      { DOCKER_CONFIG: path.dirname(file) },
      { REGISTRY_AUTH_FILE: file },
      { XDG_RUNTIME_DIR: runtime },
      { DOCKER_AUTH_CONFIG: readFileSync(file, 'utf8') },
    ])
      expect(await findCredentials('a', { environment, home: none })).toEqual(USER)
    expect(await findCredentials('a', { environment: {}, home: none })).toBeUndefined()
    const first = { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { a: { auth: other } } }) }
    expect(await findCredentials('a', { environment: first, home: folder })).toEqual({
      username: 'other',
      password: 'one',
    })
  })

  it('that cannot be read is an error that quotes nothing', async () => {
    const error = await findCredentials('a', { environment: {}, home: home('{"auths": canary') }).catch(
      (error: unknown) => error,
    )
    expect(error).toMatchObject({ code: 'invalid-credentials', exitCode: 3 })
    expect(String(error)).not.toContain('canary')
  })
})

describe('credentials of a helper', () => {
  const answer = (Username: string, Secret: string): string =>
    `printf '%s' '${JSON.stringify({ ServerURL: 'a', Username, Secret })}'`

  it.each([
    ['a password', answer('alice', 'p w'), { username: 'alice', password: 'p w' }],
    ['the token of a former login', answer('<token>', 't'), { identityToken: 't' }],
    [
      'nothing',
      'echo "credentials not found in native keychain"; exit 1',
      { username: 'other', password: 'one' },
    ],
  ])('that has %s', async (_, script, found) => {
    const folder = home({ credHelpers: { 'a:5000': 'test' }, auths: { 'a:5000': { auth: other } } })
    const environment = { PATH: helper(folder, script) }
    expect(await findCredentials('a:5000', { environment, home: folder })).toEqual(found)
    expect(readFileSync(path.join(folder, 'asked'), 'utf8')).toBe('get a:5000\n')
  })

  it('for all is asked where none is named for the registry', async () => {
    const folder = home({ credsStore: 'test', credHelpers: { b: 'other' } })
    const environment = { PATH: helper(folder, answer('alice', 's')) }
    expect(await findCredentials('docker.io', { environment, home: folder })).toEqual({
      username: 'alice',
      password: 's',
    })
    expect(readFileSync(path.join(folder, 'asked'), 'utf8')).toBe('get https://index.docker.io/v1/\n')
  })

  it.each([
    ['fails', 'echo canary; exit 3', 'fails for a'],
    ['says something else', 'echo canary', 'does not answer as credential helpers do'],
  ])('that %s is an error', async (_, script, says) => {
    const folder = home({ credsStore: 'test' })
    const work = findCredentials('a', { environment: { PATH: helper(folder, script) }, home: folder })
    const error = await work.catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'invalid-credentials', exitCode: 3 })
    expect(String(error)).toContain(says)
    expect(String(error)).not.toContain('canary')
  })

  it('that is not there is named, and one with a path is none', async () => {
    const environment = { PATH: process.env['PATH'] }
    const missing = home({ credsStore: 'missing-helper' })
    await expect(findCredentials('a', { environment, home: missing })).rejects.toThrow(
      'docker-credential-missing-helper, which',
    )
    const evil = home({ credsStore: '../../bin/sh' })
    expect(await findCredentials('a', { environment, home: evil })).toBeUndefined()
  })
})
