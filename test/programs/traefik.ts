// Traefik as a running program. It has no checker: it starts, and says of each router whether it takes it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { freePort } from './workshop.ts'

/** The rendered files in `folder`, with the rules where they are here, and an API that can be asked. `more`: static configuration. */
export async function traefikIn(folder: string, program = 'traefik', more: object = {}) {
  const rendered = parse(readFileSync(join(folder, 'traefik.yml'), 'utf8')) as { entryPoints: object }
  const port = await freePort()
  const config = {
    ...rendered,
    ...more,
    entryPoints: { ...rendered.entryPoints, traefik: { address: `127.0.0.1:${port}` } },
    api: { insecure: true },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    providers: { file: { directory: join(folder, 'dynamic') } },
  }
  const path = join(folder, 'static.yml')
  writeFileSync(path, stringify(config), { mode: 0o600 })
  return { start: [program, `--configFile=${path}`], ready: () => routersAreEnabled(port, 'file') }
}

/** Whether it has routers of that provider. Throws where it does not take one of them. */
export async function routersAreEnabled(port: number, provider: string): Promise<boolean> {
  return (await routersOf(port, provider)).length > 0
}

/** The names of its routers of that provider; none while it does not answer. Throws where it does not take one of them. */
export async function routersOf(port: number, provider: string): Promise<string[]> {
  const url = `http://127.0.0.1:${port}/api/http/routers?per_page=1000`
  const response = await fetch(url).catch(() => undefined)
  if (!response?.ok) return []
  const all = (await response.json()) as { name: string; status: string }[]
  const routers = all.filter(({ name }) => name.endsWith(`@${provider}`))
  const wrong = routers.filter(({ status }) => status !== 'enabled')
  if (wrong.length > 0) throw new Error(JSON.stringify(wrong))
  return routers.map(({ name }) => name.replace(/@.*/, ''))
}
