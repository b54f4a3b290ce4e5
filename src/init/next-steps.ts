import { isScalar, parseDocument, visit } from 'yaml'
import { type Step, shellWord } from '../core/steps.ts'
import { proxyPasswordVariable } from './proxy-offer.ts'

/** What to type next. */
export function nextSteps(options: {
  /** The file, as the person named it; undefined where the commands find it by themselves. */
  file: string | undefined
  /** Variables that the file needs and the environment lacks. */
  variables: readonly string[]
  /** The one of them that holds the first password. */
  firstPassword?: string | undefined
  /** The command for what is in front of Nexus; undefined where nothing is. */
  render: string | undefined
  /** What clients do. */
  clients: readonly Step[]
}): Step[] {
  const { file, variables, firstPassword, render, clients } = options
  const flag = file === undefined ? '' : ` -f ${shellWord(file)}`
  return [
    { command: `nexus-docker apply${flag} --sandbox`, why: 'tries it without a server' },
    ...variables.map((name) => ({
      command: `export ${name}=…`,
      why: name === firstPassword ? 'the initial admin password' : (meanings[name] ?? 'a secret in the file'),
    })),
    { command: `nexus-docker plan${flag}`, why: 'shows what it would change' },
    { command: `nexus-docker apply${flag} --wait 5m`, why: 'makes the changes' },
    ...(render === undefined
      ? []
      : [
          { command: `nexus-docker ${render}${flag}`, why: 'for what is in front of Nexus' },
          { command: `nexus-docker verify --through${flag}`, why: 'proves that all of it works' },
        ]),
    ...clients,
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
