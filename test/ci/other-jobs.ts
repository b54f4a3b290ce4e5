// Runs what docs/how-to/ci.md shows for GitLab, Jenkins, Compose and Kubernetes, with the environment that each of these gives.
import { parse } from 'yaml'
import { ciFile } from './ci-files.ts'
import { type Environment, type Machine, moved, movedAll, runStep, type StepResult } from './runners.ts'

/** Secrets of the CI by name or id, and places of its machines that lie elsewhere here: `/config` → a folder. */
export interface Surroundings {
  machine: Machine
  secrets: Environment
  places: Record<string, string>
}

interface GitlabFile {
  variables: Environment
  [job: string]: unknown
}

/** One job of .gitlab-ci.yml; GitLab joins the lines of `script` and stops at the first that fails. */
export function runGitlabJob(name: string, { machine, secrets, places }: Surroundings): Promise<StepResult> {
  const { variables, [name]: job } = parse(ciFile('.gitlab-ci.yml')) as GitlabFile
  const { script } = job as { script: string[] }
  const env = { GITLAB_CI: 'true', ...movedAll(variables, places), ...secrets }
  return runStep(['bash', '-eo', 'pipefail', '-c', script.join('\n')], machine, env)
}

/** The `sh` step of a stage of the Jenkinsfile; Jenkins runs it with `sh -xe`. */
export function runJenkinsStage(
  name: string,
  { machine, secrets, places }: Surroundings,
): Promise<StepResult> {
  const file = ciFile('Jenkinsfile')
  const stage = file.split(/^ {4}stage\('/m).find((text) => text.startsWith(`${name}'`)) ?? ''
  const script = /(?:\bsh |script: )'([^']+)'/.exec(stage)?.[1]
  if (script === undefined) throw new Error(`the Jenkinsfile has no sh step in stage ${name}`)
  const block = /environment \{([^}]*)\}/.exec(file)?.[1] ?? ''
  const env: Environment = {}
  for (const [, key = '', literal, id] of block.matchAll(/(\w+) = (?:'([^']*)'|credentials\('([^']+)'\))/g))
    env[key] = literal === undefined ? (secrets[id ?? ''] ?? '') : moved(literal, places)
  return runStep(['sh', '-xe', '-c', script], machine, { JENKINS_URL: 'https://ci.example.com/', ...env })
}

interface ComposeFile {
  services: Record<string, { command: string[]; environment: Environment; working_dir: string }>
}

/** A service of compose.yml that is our image: its entrypoint is the program. */
export function runComposeService(
  name: string,
  { machine, secrets, places }: Surroundings,
): Promise<StepResult> {
  const service = (parse(ciFile('compose.yml')) as ComposeFile).services[name]
  if (!service) throw new Error(`compose.yml has no service ${name}`)
  const interpolated = Object.entries(service.environment).map(([key, text]): [string, string] => [
    key,
    text.replace(/\$\{(\w+):\?[^}]*\}/g, (_, variable: string) => secrets[variable] ?? ''),
  ])
  const env = movedAll(Object.fromEntries(interpolated), places)
  return runStep(['nexus-docker', ...service.command], machine, env, moved(service.working_dir, places))
}

interface JobFile {
  spec: { template: { spec: { containers: { args: string[]; env: { name: string; value: string }[] }[] } } }
}

/** The container of job.yaml. */
export function runKubernetesJob({ machine, places }: Surroundings): Promise<StepResult> {
  const [container] = (parse(ciFile('job.yaml')) as JobFile).spec.template.spec.containers
  if (!container) throw new Error('job.yaml has no container')
  const entries = container.env.map(({ name, value }): [string, string] => [name, moved(value, places)])
  const args = container.args.map((arg) => moved(arg, places))
  return runStep(['nexus-docker', ...args], machine, Object.fromEntries(entries))
}
