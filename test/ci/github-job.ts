// Runs a job of a workflow, the composite action included, as a runner of GitHub does.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root } from './ci-files.ts'
import {
  type Environment,
  type Machine,
  movedAll,
  runStep,
  runUntilFailure,
  type StepResult,
} from './runners.ts'

interface Step {
  id?: string
  if?: string
  uses?: string
  run?: string
  with?: Record<string, unknown>
  env?: Environment
  'working-directory'?: string
}

interface Workflow {
  env?: Environment
  jobs: Record<string, { env?: Environment; steps: Step[] }>
}

interface Action {
  inputs: Record<string, { default?: string }>
  outputs: Record<string, { value: string }>
  runs: { steps: Step[] }
}

/** What expressions may name: `secrets.NEXUS_PASSWORD`, `vars.NEXUS_URL`. Steps add `steps.<id>.outputs.<name>`. */
export type Values = Map<string, string>

const action = parse(readFileSync(`${root}action.yml`, 'utf8')) as Action

function lookedUp(expression: string, values: Values): string {
  // an output that no step wrote is empty
  const value = values.get(expression.trim()) ?? (/^ *steps\./.test(expression) ? '' : undefined)
  if (value === undefined) throw new Error(`expression ${expression} is not known to this runner`)
  return value
}

function filled(text: unknown, values: Values): string {
  return String(text).replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => lookedUp(expression, values))
}

function filledAll(entries: Record<string, unknown> = {}, values: Values): Environment {
  return Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, filled(text, values)]))
}

function holds(condition: string | undefined, values: Values): boolean {
  if (condition === undefined) return true
  const [, name = '', wanted] = /^([\w.-]+) == '(.*)'$/.exec(condition) ?? []
  return lookedUp(name, values) === wanted
}

/** Name and value pairs that a step wrote to its GITHUB_OUTPUT. */
function outputsIn(file: string): [string, string][] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
}

interface Job {
  machine: Machine
  values: Values
  env: Environment
  places: Record<string, string>
}

async function runScript(step: Step, { machine, values, env, places }: Job): Promise<StepResult> {
  const runner = join(machine.folder, '.runner')
  mkdirSync(runner, { recursive: true })
  const files = Object.fromEntries(
    ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'].map((name) => [name, join(runner, name)]),
  ) as Record<'GITHUB_OUTPUT' | 'GITHUB_STEP_SUMMARY', string>
  for (const file of Object.values(files)) writeFileSync(file, '')
  const script = join(runner, 'step.sh')
  writeFileSync(script, step.run ?? '')
  const result = await runStep(
    ['bash', '--noprofile', '--norc', '-eo', 'pipefail', script],
    machine,
    {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: machine.folder,
      RUNNER_TEMP: runner,
      ...files,
      ...env,
      ...movedAll(filledAll(step.env, values), places),
    },
    join(machine.folder, filled(step['working-directory'] ?? '.', values)),
  )
  for (const [name, value] of outputsIn(files.GITHUB_OUTPUT))
    if (step.id !== undefined) values.set(`steps.${step.id}.outputs.${name}`, value)
  const summary = readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8')
  if (summary !== '') values.set('summary', summary)
  return result
}

async function runAction(step: Step, job: Job): Promise<StepResult> {
  const given = filledAll(step.with, job.values)
  const values: Values = new Map(
    Object.entries(action.inputs).map(([name, { default: text = '' }]) => [
      `inputs.${name}`,
      given[name] ?? text,
    ]),
  )
  const env = { ...job.env, ...filledAll(step.env, job.values), GITHUB_ACTION_PATH: root }
  const inner = { ...job, values, env }
  const result = await runUntilFailure(action.runs.steps.map((each) => () => runScript(each, inner)))
  for (const [name, { value }] of Object.entries(action.outputs))
    job.values.set(`steps.${step.id ?? ''}.outputs.${name}`, filled(value, values))
  const summary = values.get('summary')
  if (summary !== undefined) job.values.set('summary', summary)
  return result
}

/**
 * Runs one job of a workflow; `values` get the outputs of its steps, and `summary`. `places`: where
 * an address of the workflow is here.
 */
export function runGithubJob(
  text: string,
  name: string,
  { machine, values, places = {} }: Pick<Job, 'machine' | 'values'> & Partial<Pick<Job, 'places'>>,
): Promise<StepResult> {
  const workflow = parse(text) as Workflow
  const found = workflow.jobs[name]
  if (!found) throw new Error(`there is no job ${name}`)
  const env = { ...filledAll(workflow.env, values), ...filledAll(found.env, values) }
  const job = { machine, values, env, places }
  return runUntilFailure(
    found.steps.map((step) => async () => {
      // the folder is the checkout already
      if (step.uses?.startsWith('actions/checkout@') === true || !holds(step.if, values))
        return { code: 0, log: '' }
      if (step.uses === undefined) return runScript(step, job)
      if (step.uses.startsWith('your-org/nexus-docker@')) return runAction(step, job)
      throw new Error(`this runner has no action ${step.uses}`)
    }),
  )
}
