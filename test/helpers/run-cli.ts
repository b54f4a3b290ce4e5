import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { program } from './program.ts'

export interface CliResult {
  /** Null when a signal ended it. */
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface CliOptions {
  env?: Record<string, string | undefined>
  /** Written to standard input, which is closed then; null leaves it open for ever. */
  input?: string | null
  cwd?: string
  /** Called with the child once it runs, to send it signals. */
  onStart?: (kill: (signal: NodeJS.Signals) => void) => void
  /** Called with what standard output holds so far, each time that something is added. */
  onStdout?: (text: string) => void
  /** Called once the child catches signals itself. */
  whenCatching?: (kill: (signal: NodeJS.Signals) => void) => void
  /** Called with what standard error holds so far, each time that something is added. */
  onStderr?: (text: string) => void
  /** Kills the child after this long; the default keeps a hang from hanging the suite. */
  timeoutMs?: number
}

/** Runs the built CLI in a child process, with nothing of this process's environment but PATH. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { env, input, cwd, onStart, onStdout, onStderr, whenCatching, timeoutMs = 120_000 } = options
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...program, ...args], {
      cwd,
      env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    const chunks = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      chunks.stdout += text
      onStdout?.(chunks.stdout)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      chunks.stderr += text
      onStderr?.(chunks.stderr)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...chunks }))
    child.stdin.on('error', () => undefined)
    if (input !== null) child.stdin.end(input ?? '')
    const kill = (signal: NodeJS.Signals) => void child.kill(signal)
    onStart?.(kill)
    if (whenCatching) void untilCatching(child).then(() => whenCatching(kill))
  })
}

/** Node itself catches SIGINT and SIGTERM from the start, SIGHUP (the first bit) only for who listens. Linux tells; elsewhere it takes a second. */
async function untilCatching(child: ChildProcess): Promise<void> {
  if (process.platform !== 'linux') return sleep(1000)
  while (child.exitCode === null && child.signalCode === null) {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    if (Number.parseInt(/^SigCgt:\s*(\w+)$/m.exec(status)?.[1]?.slice(-1) ?? '0', 16) & 1) return
    await sleep(10)
  }
}

/** A folder with the given files, removed when the test ends. */
export function folderWith(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-docker-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

/** A single configuration file in a folder of its own; the path of the file. */
export function fileWith(yaml: string): string {
  return join(folderWith({ 'repos.yml': yaml }), 'repos.yml')
}
