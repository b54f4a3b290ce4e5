// The servers that documents start: `docker run … sonatype/nexus3:VERSION` is a new sandbox of that version with the same first password.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts'

/** What the page's commands have exported so far. */
export type Exported = Record<string, string>

/** `export A=1 B="$A"` → both; undefined for what is no such line. */
export function exportsOf(command: string, before: Exported): Exported | undefined {
  const [, words] = /^export ((?:\w+=\S+ ?)+)$/.exec(command) ?? []
  if (words === undefined) return undefined
  const known = { ...before }
  for (const word of words.trim().split(' ')) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(word) ?? []
    known[name] = expanded(value, known)
  }
  return known
}

/** `"$NAME"` as a shell has it. */
function expanded(value: string, known: Exported): string {
  return value.replaceAll('"', '').replaceAll(/\$(\w+)/g, (_, name: string) => known[name] ?? '')
}

/** Starts what the command starts. Ports that the page's file gives to repositories, and Nexus's own, have to be published. */
export async function startShown(command: string, exported: Exported, folder: string): Promise<Sandbox> {
  const image = /\bsonatype\/nexus3:(\d+\.\d+\.\d+)$/.exec(command)
  if (!image) throw new Error('a shown server names its version: sonatype/nexus3:3.90.0')
  const published = [...command.matchAll(/--publish (\d+):\1\b/g)].map(([, port]) => Number(port))
  const missing = [8081, ...portsIn(folder)].filter((port) => !published.includes(port))
  if (missing.length > 0) throw new Error(`the ports ${missing.join(', ')} are not published`)
  const [, password] = /--env NEXUS_SECURITY_INITIAL_PASSWORD=(\S+)/.exec(command) ?? []
  return startSandbox({
    state: 'fresh',
    version: image[1] ?? '',
    ...(password !== undefined && { initialPassword: expanded(password, exported) }),
  })
}

/** The connector ports of the file in the folder. */
export function portsIn(folder: string): number[] {
  const { repositories = {} } = parse(readFileSync(join(folder, 'repos.yml'), 'utf8')) as {
    repositories?: Record<string, { httpPort?: number }>
  }
  return Object.values(repositories).flatMap(({ httpPort }) => httpPort ?? [])
}
