// Real programs as parts of a test: each with directories of its own below one temporary directory, no port known beforehand, and
// nothing left when it closes.
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** What a program did: its exit code (null after a signal) and both streams. */
export interface Outcome {
  ok: boolean
  code: number | null
  stdout: string
  /** Both streams in order of arrival: what a user sees. */
  text: string
  /** The command, without what was read from standard input. */
  command: string
}

export interface RunOptions {
  env?: NodeJS.ProcessEnv
  input?: string
  cwd?: string
  /** Default: two minutes, for a program that hangs. */
  timeoutMs?: number
}

export interface Daemon {
  /** Everything that it printed so far. */
  log(): string
  /** Tells it to end, kills it where it does not, and waits. */
  stop(): Promise<void>
  signal(name: NodeJS.Signals): void
}

export interface Workshop {
  folder: string
  /** A new directory below the workshop's own; short, because sockets' paths may have 107 characters. */
  place: (name: string) => string
  /** Writes a file below the workshop's directory; its path. */
  file(name: string, text: string): string
  run(argv: readonly string[], options?: RunOptions): Promise<Outcome>
  /** Starts a program and waits until `ready` says so; an error has what it printed. */
  daemon(
    argv: readonly string[],
    ready: () => boolean | Promise<boolean>,
    options?: RunOptions,
  ): Promise<Daemon>
  onClose(end: () => void | Promise<void>): void
  close(): Promise<void>
}

/** Where a program is: as the PATH has it, or in one of the folders that a user's PATH may leave out. */
export function find(program: string): string | undefined {
  if (program.includes('/')) return isProgram(program) ? program : undefined
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/bin']
  return folders.map((folder) => join(folder, program)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Programs that no Debian package brings: without them a test is skipped everywhere, visibly. */
const optional = new Set(['crane', 'regctl', 'oras', 'traefik'])

/**
 * Why a test of these programs is to be skipped; undefined when it is to run. With CI=true a program that a package brings is not
 * missed quietly: the test runs and fails.
 */
export function reasonToSkip(...programs: string[]): string | undefined {
  const missing = programs.filter((program) => find(program) === undefined)
  const excused = process.env['CI'] ? missing.filter((program) => optional.has(program)) : missing
  return excused.length === 0 ? undefined : `not installed: ${excused.join(', ')}`
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done, fail) => {
    server.once('error', fail).listen(0, '127.0.0.1', done)
  })
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

/** Asks until the answer is yes. */
async function until(what: string, ask: () => boolean | Promise<boolean>, timeoutMs = 60_000) {
  const end = performance.now() + timeoutMs
  while (!(await ask())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs / 1000} s`)
    await delay(30)
  }
}

/** Whether an HTTP server answers there, whatever it answers. */
export async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url, { redirect: 'manual' })).arrayBuffer()
    return true
  } catch {
    return false
  }
}

/** Ended with this process, whatever ends it: a daemon must not outlive a test that was killed. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) kill(child, 'SIGKILL')
})

/** The whole group: podman and dockerd start helpers of their own. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It has ended by itself.
  }
}

export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'ndw-'))
  const ends: (() => void | Promise<void>)[] = []
  let places = 0
  const place = (name: string): string => {
    const path = join(folder, `${name}${(places++).toString(36)}`)
    mkdirSync(path, { mode: 0o700 })
    return path
  }
  const home = place('home')
  const environment = { PATH: pathOf(), HOME: home, XDG_RUNTIME_DIR: home, TMPDIR: folder, LC_ALL: 'C.UTF-8' }
  return {
    folder,
    place,
    file(name, text) {
      const path = join(place('f'), name)
      writeFileSync(path, text, { mode: 0o600 })
      return path
    },
    run: (argv, options = {}) => runProgram(argv, { ...options, env: { ...environment, ...options.env } }),
    async daemon(argv, ready, options = {}) {
      const daemon = startDaemon(argv, { ...options, env: { ...environment, ...options.env } })
      ends.push(() => daemon.stop())
      await until(`start of ${argv[0]}`, async () => {
        if (daemon.ended()) throw new Error(`${argv.join(' ')} ended\n${daemon.log()}`)
        return ready()
      }).catch((error: unknown) => {
        throw new Error(`${(error as Error).message}\n${daemon.log()}`, { cause: error })
      })
      return daemon
    },
    onClose(end) {
      ends.push(end)
    },
    async close() {
      for (const end of ends.toReversed()) await end()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

const pathOf = () => `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/local/bin`

function start(argv: readonly string[], options: RunOptions, input: 'pipe' | 'ignore') {
  const [program = '', ...parameters] = argv
  const path = find(program)
  if (path === undefined) throw new Error(`${program} is not installed`)
  const child = spawn(path, parameters, {
    cwd: options.cwd ?? tmpdir(),
    env: options.env,
    stdio: [input, 'pipe', 'pipe'],
    detached: true,
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

function runProgram(argv: readonly string[], options: RunOptions): Promise<Outcome> {
  return new Promise((done, fail) => {
    const child = start(argv, options, options.input === undefined ? 'ignore' : 'pipe')
    let stdout = ''
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      stdout += part
      text += part
    })
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    child.stdin?.on('error', () => undefined).end(options.input)
    const limit = setTimeout(() => {
      text += '\n(killed: it took too long)'
      kill(child, 'SIGKILL')
    }, options.timeoutMs ?? 120_000)
    child.on('error', fail)
    child.on('close', (code) => {
      clearTimeout(limit)
      done({ ok: code === 0, code, stdout, text, command: argv.join(' ') })
    })
  })
}

function startDaemon(argv: readonly string[], options: RunOptions) {
  const child = start(argv, options, 'ignore')
  let text = ''
  let over = false
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
  const ended = new Promise<void>((done) => {
    child.once('error', done).once('close', done)
  }).then(() => {
    over = true
  })
  return {
    log: () => text,
    ended: () => over,
    signal: (name: NodeJS.Signals) => kill(child, name),
    async stop() {
      if (over) return
      // Its helpers are told by itself; the group is killed only where that does not help.
      child.kill('SIGTERM')
      const limit = setTimeout(() => kill(child, 'SIGKILL'), 20_000)
      await ended
      clearTimeout(limit)
    },
  }
}

/** A file's text, empty where there is none yet. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
