// Waiting runs against servers that come late, never, are something else, or die: in a pipe and in a terminal, as text to look at.
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startSandbox } from '../../../src/sandbox/index.ts'
import { runCli } from '../run-cli.ts'
import { cursorIsShown, screenOf } from '../screen.ts'
import { startInTerminal } from '../terminal.ts'

/** A chain: one object after the other, so that lines have one order. */
const file = `version: 1
blobStores:
  images: {}
repositories:
  apps: {type: hosted, blobStore: images, httpPort: 8083}
  all: {type: group, blobStore: images, members: [apps]}
`

const columns = 80

export interface WaitingRun {
  command: string
  /** Of the live line: when it shows this, the screen is kept. */
  during?: string
  /** Puts something at the port; the function takes it away again. */
  serve?(port: number): Promise<() => Promise<unknown>>
  /** The same, once the tool says that it waits. */
  serveLate?(port: number): Promise<() => Promise<unknown>>
}

/** A sandbox that is there so many milliseconds after the tool began to wait. */
export function comesUpAfter(milliseconds: number, wait: string): WaitingRun {
  return {
    command: `apply -f repos.yml --wait ${wait} --yes`,
    during: 'connection refused',
    async serveLate(port) {
      await sleep(milliseconds)
      const sandbox = await startSandbox({ port })
      return () => sandbox.close()
    },
  }
}

export const neverComesUp: WaitingRun = {
  command: 'apply -f repos.yml --wait 2s --yes',
  during: 'connection refused',
}

export const isNotNexus: WaitingRun = {
  command: 'apply -f repos.yml --wait 1m --yes',
  during: 'Grafana',
  async serve(port) {
    const server = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<html><title>Grafana</title></html>'),
    ).listen(port, '127.0.0.1')
    await once(server, 'listening')
    return () => new Promise((resolve) => server.close(resolve).closeAllConnections())
  },
}

/** Gone for good at the second write, which gets no answer. */
export const diesDuringApply: WaitingRun = {
  command: 'apply -f repos.yml --wait 1m --yes',
  async serve(port) {
    let closed: Promise<void> | undefined
    const sandbox = await startSandbox({
      port,
      hooks: {
        async beforeRequest({ method, path }) {
          if (method !== 'POST' || !path.endsWith('/docker/hosted')) return
          closed ??= sandbox.close()
          await closed
        },
      },
    })
    return () => closed ?? sandbox.close()
  },
}

/** What somebody sees who runs it: both streams of a pipe and the exit code, and the screen of a terminal at the end. */
export async function seenOf(run: WaitingRun): Promise<string> {
  const [pipe, terminal] = await Promise.all([seenInPipe(run), seenInTerminal(run)])
  return `$ nexus-docker ${run.command}\n\n=== in a pipe\n${pipe}\n=== in a terminal\n${terminal}`
}

async function seenInPipe(run: WaitingRun): Promise<string> {
  return served(run, async ({ args, env, cwd, onWaiting }) => {
    const onStderr = (text: string) => text.includes('waiting') && onWaiting()
    const { code, stdout, stderr } = await runCli(args, { env, cwd, onStderr })
    return `--- standard output\n${masked(stdout)}\n--- standard error\n${masked(stderr)}\n--- exit code ${code}\n`
  })
}

async function seenInTerminal(run: WaitingRun): Promise<string> {
  return served(run, async ({ args, env, cwd, port, onWaiting }) => {
    const session = startInTerminal(args, { env, cwd, columns })
    const screen = () => {
      // As wide as it was, so that lines break where they did.
      const raw = withoutTimes(session.raw()).replaceAll(String(port), 'P'.repeat(String(port).length))
      const cursor = cursorIsShown(raw) ? '' : '\n(no cursor)'
      return `${masked(screenOf(raw, columns))}${cursor}`
    }
    let during = ''
    if (run.during !== undefined) {
      await session.shows(run.during)
      during = `--- screen while it waits\n${screen()}\n`
      onWaiting()
    }
    const code = await session.ended
    return `${during}--- screen at the end\n${screen()}\n--- exit code ${code}\n`
  })
}

interface Served {
  args: string[]
  env: Record<string, string>
  cwd: string
  port: number
  onWaiting: () => void
}

async function served(run: WaitingRun, look: (served: Served) => Promise<string>): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), 'nexus-docker-waiting-'))
  writeFileSync(join(cwd, 'repos.yml'), file)
  const port = await freePort()
  let stop = run.serve?.(port)
  const onWaiting = () => {
    stop ??= run.serveLate?.(port)
  }
  await stop
  try {
    const env = {
      NEXUS_URL: `http://127.0.0.1:${port}`,
      NEXUS_USERNAME: 'admin',
      NEXUS_PASSWORD: 'admin123',
      NO_COLOR: '1',
    }
    return await look({ args: run.command.split(' '), env, cwd, port, onWaiting })
  } finally {
    await (await stop)?.()
    rmSync(cwd, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Without addresses, and what else differs from run to run. */
function masked(text: string): string {
  return (
    withoutTimes(text)
      .trimEnd()
      .replace(/http:\/\/127\.0\.0\.1:(\d+|P+)/g, 'URL')
      .replace(/^\d\d:\d\d:\d\d/gm, 'HH:MM:SS')
      // Of requests side by side, any may be the first that fails.
      .replace(/^(not verified: )[\s\S]*?(?=^What was done)/gm, '$1…\n')
  )
}

/** Before the text is broken into lines, because numbers are of different length. */
function withoutTimes(text: string): string {
  return text
    .replace(/\d+(\s+)(ms|requests)/g, 'N$1$2')
    .replace(/\d+\.\d(\s+)s\)/g, 'N$1s)')
    .replace(/\((\d+ m )?\d+ s( of|\))/g, '(N s$2')
    .replace(/after \d+ s/g, 'after N s')
    .replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/gu, '*')
}
