import type { Edge, Tls } from '../edge/edge.ts'
import type { Target } from './contract.ts'
import { header } from './header.ts'
import { flat } from './stack/labels.ts'
import { bootstrapService, nexusService, nexusVolumes, serviceValues, toolImageNote } from './stack/nexus.ts'
import { yamlFile } from './stack/yaml-file.ts'
import { dynamicFile } from './traefik/files.ts'
import { refuseBeyondTraefik } from './traefik/refuse.ts'
import { portsOf, readTimeoutComment, staticOf } from './traefik/static.ts'

/** Traefik reads its rules from a file: labels would need Docker's socket, which is root on the machine, and cannot name a certificate. */
export const compose: Target = {
  name: 'compose',
  group: 'stack',
  about: 'Docker Compose: Nexus, Traefik in front, and this tool to set it up',
  upstream: 'http://nexus:8081',
  render(input) {
    const { edge } = input
    refuseBeyondTraefik(edge, 'compose')
    const traefik = ['services', 'traefik']
    const options = flat(staticOf(edge, { filename: '/etc/traefik/rules.yml' }, '/acme/acme.json'))
    const command = options.map((option) => `--${option}`)
    const text = yamlFile(template, {
      set: [
        ...serviceValues(input),
        [[...traefik, 'command'], command],
        [[...traefik, 'ports'], portsOf(edge).map((port) => `${port}:${port}`)],
        ...certificates(edge.tls),
      ],
      comments: [
        [[...traefik, 'command', command.findIndex((one) => /readTimeout/.test(one))], readTimeoutComment],
      ],
      doubleDollars: true,
    })
    const rules = dynamicFile({ ...input, edge: { ...edge, tls: mounted(edge.tls) } }, 'compose', 'v3')
    return {
      files: [
        { name: 'compose.yml', text: header(input, 'compose') + text },
        { name: 'traefik/rules.yml', text: rules },
      ],
      notes: [
        toolImageNote,
        'Beside compose.yml belong the file of the registry and nexus-password.txt, the password that admin is to have; then: docker compose up --detach.',
      ],
    }
  },
}

const template = `services:
${nexusService}    restart: unless-stopped
${bootstrapService}    depends_on: { nexus: { condition: service_healthy } }
    restart: on-failure:3
  traefik:
    image: traefik:v3.7
    restart: unless-stopped
    command: []
    ports: []
    configs: [{ source: rules, target: /etc/traefik/rules.yml }]
configs:
  rules:
    file: ./traefik/rules.yml
secrets:
  nexus-password:
    file: ./nexus-password.txt
${nexusVolumes}`

/** Certificate and key as secrets, or a volume for those that ACME gives. */
function certificates(tls: Tls): [string[], unknown][] {
  if ('acme' in tls)
    return [
      [['services', 'traefik', 'volumes'], ['acme:/acme']],
      [['volumes', 'acme'], {}],
    ]
  if (tls.ends !== 'here') return []
  return [
    [
      ['services', 'traefik', 'secrets'],
      ['registry-certificate', 'registry-key'],
    ],
    [['secrets', 'registry-certificate', 'file'], tls.certificate],
    [['secrets', 'registry-key', 'file'], tls.key],
  ]
}

function mounted(tls: Tls): Edge['tls'] {
  return 'certificate' in tls
    ? { ...tls, certificate: '/run/secrets/registry-certificate', key: '/run/secrets/registry-key' }
    : tls
}
