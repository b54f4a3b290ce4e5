import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { parse } from 'yaml'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { configOf, makeSo } from './in-process.ts'
import { applyTo } from './landscape.ts'
import { fileWith } from './run-cli.ts'
import { sandboxFor, writesOf } from './sandbox.ts'

/** Makes the server what the file says. In this process: the program is started for what is tested. */
export async function prepare(sandbox: Sandbox, file: string): Promise<void> {
  await makeSo(sandbox, await configOf(parse(readFileSync(file, 'utf8')) as object))
}

/** A sandbox to which a file has been applied, and the file's path. */
export async function applied(yaml: string, options = {}): Promise<{ sandbox: Sandbox; file: string }> {
  const sandbox = await sandboxFor(options)
  const file = fileWith(yaml)
  await prepare(sandbox, file)
  return { sandbox, file }
}

/** Applies, which has to end well, and returns the writes that it sent: `PUT /v1/repositories/docker/hosted/apps`. */
export async function writesOfApply(
  sandbox: Sandbox,
  file: string,
  flags: readonly string[] = [],
): Promise<string[]> {
  const before = writesOf(sandbox).length
  const { code, stderr } = await applyTo(sandbox, file, flags)
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return namesOfWrites(sandbox, before)
}

/** The writes so far but for the first ones. */
export function namesOfWrites(sandbox: Sandbox, after = 0): string[] {
  return writesOf(sandbox)
    .slice(after)
    .map(({ method, path }) => `${method} ${path.replace('/service/rest', '')}`)
}

type Settings = Record<string, unknown>

export function repositoryOf({ state }: Sandbox, name: string) {
  const repository = state.repositories.find((candidate) => candidate.name === name)
  if (!repository) throw new Error(`the sandbox has no ${name}`)
  return repository
}

/** A section of a repository's settings, to read or to change behind the tool's back: `docker`, `storage`. */
export function sectionOf(sandbox: Sandbox, name: string, section: string): Settings {
  return repositoryOf(sandbox, name).attributes[section] as Settings
}

/** `httpPort` and `httpsPort` of repositories: `{one: [8083, null]}`. */
export function portsOf(sandbox: Sandbox, ...names: string[]): Record<string, unknown[]> {
  return Object.fromEntries(
    names.map((name) => {
      const { httpPort, httpsPort } = sectionOf(sandbox, name, 'docker')
      return [name, [httpPort ?? null, httpsPort ?? null]]
    }),
  )
}
