import packageJson from '../../../package.json' with { type: 'json' }
import type { RenderInput } from '../contract.ts'
import type { YamlPath } from './yaml-file.ts'

export function nexusImage({ nexusVersion = '3.90.0' }: Pick<RenderInput, 'nexusVersion'>): string {
  return `sonatype/nexus3:${nexusVersion}`
}

interface Source {
  file: string
  /** Of the config, and of the file in /config. */
  name: string
}

/** The files that describe the registry, which belong beside what is rendered. */
export function sourcesOf({ from }: Pick<RenderInput, 'from'>): Source[] {
  const files = from.filter((name) => /\.(ya?ml|json)$/.test(name))
  return (files.length > 0 ? files : ['repos.yml']).map((file, index, { length }) => ({
    file: file.startsWith('/') ? file : `./${file}`,
    name: `${length > 1 ? `${index + 1}-` : ''}${file.slice(file.lastIndexOf('/') + 1)}`,
  }))
}

/** Built by whoever uses it: nothing that somebody else may have published gets the password of admin. */
export const toolImage = `nexus-docker:${packageJson.version}`

export const toolImageNote = `${toolImage} is the image of this tool: docker build --tag ${toolImage} . in its checkout (docs/how-to/ci.md has the Dockerfile).`

/** What follows the image's entry point. */
export function applyCommand(input: Pick<RenderInput, 'from'>): string[] {
  const files = sourcesOf(input).flatMap(({ name }) => ['--file', `/config/${name}`])
  return ['apply', ...files, '--wait', '10m', '--yes']
}

/** As the image has them, with the memory that Sonatype gives to a small server. */
export const jvmOptions =
  '-Xms2703m -Xmx2703m -XX:MaxDirectMemorySize=2703m -Djava.util.prefs.userRoot=/nexus-data/javaprefs'

/** What Compose and Swarm have in common. */
export function serviceValues(input: RenderInput): [path: YamlPath, value: unknown][] {
  const configs = sourcesOf(input).map(({ name, file }) => ({
    name: name.replaceAll(/\W/g, '-'),
    file,
    path: `/config/${name}`,
  }))
  const mounts = configs.map(({ name, path }) => ({ source: name, target: path }))
  return [
    [['services', 'nexus', 'image'], nexusImage(input)],
    [['services', 'bootstrap', 'command'], applyCommand(input)],
    [['services', 'bootstrap', 'configs'], mounts],
    ...configs.map(({ name, file }): [YamlPath, string] => [['configs', name, 'file'], file]),
  ]
}

export const nexusService = `  nexus:
    image: sonatype/nexus3
    environment:
      # The machine needs about twice this memory; the last option is the image's own.
      INSTALL4J_ADD_VM_PARAMS: ${jvmOptions}
    # What Nexus itself asks for.
    ulimits: { nofile: { soft: 65536, hard: 65536 } }
    # It closes its database.
    stop_grace_period: 120s
    healthcheck:
      test: [CMD, curl, -fsS, -o, /dev/null, "http://localhost:8081/service/rest/v1/status"]
      interval: 15s
      timeout: 10s
      # The first start, and the first one of a new version, take minutes.
      start_period: 10m
    volumes:
      - nexus-data:/nexus-data
`

export const bootstrapService = `  # Makes the registry what the file says, and ends. In it: bootstrap: {initialPassword: {file: /nexus-data/admin.password}, acceptEula: true}
  bootstrap:
    image: ${toolImage}
    # It reads the password, and what Nexus wrote.
    user: root
    command: []
    environment:
      NEXUS_URL: http://nexus:8081
      NEXUS_PASSWORD_FILE: /run/secrets/nexus-password
    secrets: [nexus-password]
    volumes: [nexus-data:/nexus-data:ro]
`

export const nexusVolumes = `volumes:
  nexus-data: {}
`
