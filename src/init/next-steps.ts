import { isScalar, parseDocument, visit } from 'yaml'
import { proxyPasswordVariable } from './proxy-offer.ts'

/** A command to type next, and why. */
export interface Step {
  command: string
  why: string
}

/** What to type next. */
export function nextSteps(options: {
  /** The file, as the person named it; undefined where the commands find it by themselves. */
  file: string | undefined
  /** Variables that the file needs and the environment lacks. */
  variables: readonly string[]
  /** The one of them that holds the first password. */
  firstPassword?: string | undefined
}): Step[] {
  const { file, variables, firstPassword } = options
  const flag = file === undefined ? '' : ` -f ${quoted(file)}`
  return [
    { command: `nexus-docker apply${flag} --sandbox`, why: 'tries it, without a server' },
    ...variables.map((name) => ({
      command: `export ${name}=…`,
      why: name === firstPassword ? 'the first password' : (meanings[name] ?? 'a secret of the file'),
    })),
    { command: `nexus-docker plan${flag}`, why: 'shows what it would change' },
    { command: `nexus-docker apply${flag} --wait 5m`, why: 'does it' },
  ]
}

const meanings: Readonly<Record<string, string>> = {
  NEXUS_PASSWORD: "the administrator's password",
  [proxyPasswordVariable]: "the HTTP proxy's password",
}

/** The environment variables without a default that a file reads, in the order in which it names them. */
export function neededVariables(text: string): string[] {
  const names = new Set<string>()
  visit(parseDocument(text), {
    Pair(_, { key, value }) {
      if (isScalar(key) && key.value === 'env' && isScalar(value)) names.add(String(value.value))
    },
    Scalar(_, { value }) {
      const written = typeof value === 'string' ? value.replaceAll('$${', '') : ''
      for (const [, name] of written.matchAll(/\$\{(\w+)\}/g)) if (name !== undefined) names.add(name)
    },
  })
  return [...names]
}

/** A step a line. Where the terminal is too narrow for that, the reason stands above: a command that is broken cannot be copied. */
export function renderSteps(steps: readonly Step[], columns = Number.POSITIVE_INFINITY): string {
  const width = Math.max(...steps.map(({ command }) => command.length))
  if (steps.some(({ why }) => `  ${' '.repeat(width)}  # ${why}`.length > columns))
    return steps.map(({ command, why }) => `  # ${why}\n  ${command}`).join('\n')
  return steps.map(({ command, why }) => `  ${command.padEnd(width)}  # ${why}`).join('\n')
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
