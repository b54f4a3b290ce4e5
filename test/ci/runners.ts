// The part of each CI that decides what our steps see: environment, shell, working directory. Small on purpose: an expression or
// a keyword that is not known here is an error, not a guess.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { program } from '../helpers/program.ts'

export type Environment = Record<string, string>

export interface StepResult {
  code: number | null
  /** Both streams, as the log of a job has them. */
  log: string
}

/** A job's machine: a folder that is the checkout, and programs on its PATH. */
export interface Machine {
  folder: string
  path: string
  /** What its environment holds whatever is run. */
  env: Environment
  /** Commands of other programs, which are only noted. */
  noted(): string[]
}

/** A text with a known place at its start replaced: a URL's origin, a mount point. */
export function moved(text: string, places: Record<string, string>): string {
  const from = Object.keys(places).find((place) => text === place || text.startsWith(`${place}/`))
  return from === undefined ? text : `${places[from] ?? ''}${text.slice(from.length)}`
}

export function movedAll(environment: Environment, places: Record<string, string>): Environment {
  return Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, moved(text, places)]))
}

/** `nexus-docker` is the built program; `others` (gh, docker …) write down how they were called. */
export function machineIn(folder: string, others: readonly string[] = [], env: Environment = {}): Machine {
  const programs = join(folder, '.programs')
  const calls = join(programs, 'calls.txt')
  mkdirSync(programs)
  writeFileSync(calls, '')
  const scripts: [string, string][] = [
    ['nexus-docker', `exec "${[process.execPath, ...program].join('" "')}" "$@"`],
    ...others.map((name): [string, string] => [name, `echo "${name} $*" >> "${calls}"`]),
  ]
  for (const [name, line] of scripts) {
    writeFileSync(join(programs, name), `#!/bin/sh\n${line}\n`)
    chmodSync(join(programs, name), 0o755)
  }
  return {
    folder,
    env,
    path: `${programs}:${process.env['PATH'] ?? ''}`,
    noted: () => readFileSync(calls, 'utf8').split('\n').slice(0, -1),
  }
}

/** Runs a program as a step does: nothing of this process's environment, no terminal, nothing on standard input. */
export function runStep(
  command: readonly [string, ...string[]],
  machine: Machine,
  env: Environment,
  folder = machine.folder,
): Promise<StepResult> {
  const [program, ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { PATH: machine.path, CI: 'true', ...machine.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    })
    let log = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (log += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, log }))
  })
}

/** The steps one after the other until one fails; the last result with the whole log. */
export async function runUntilFailure(steps: readonly (() => Promise<StepResult>)[]): Promise<StepResult> {
  let log = ''
  for (const step of steps) {
    const result = await step()
    log += result.log
    if (result.code !== 0) return { code: result.code, log }
  }
  return { code: 0, log }
}
