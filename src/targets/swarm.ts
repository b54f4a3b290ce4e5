import type { Edge } from '../edge/edge.ts'
import type { Target } from './contract.ts'
import { header } from './header.ts'
import { flat, labelComments, labelsPath } from './stack/labels.ts'
import { bootstrapService, nexusService, nexusVolumes, serviceValues, toolImageNote } from './stack/nexus.ts'
import { yamlFile } from './stack/yaml-file.ts'
import { dynamicOf } from './traefik/dynamic.ts'
import { refuseBeyondLabels } from './traefik/refuse.ts'
import { certResolver, staticOf } from './traefik/static.ts'

/** Labels for a Traefik 3 that is there already. */
export const swarm: Target = {
  name: 'swarm',
  group: 'stack',
  about: 'Docker Swarm with a Traefik 3 that is there: Nexus with its labels, and this tool to set it up',
  upstream: 'http://nexus:8081',
  render(input) {
    refuseBeyondLabels(input.edge, 'swarm')
    const { routers, middlewares, ports, purposes } = dynamicOf(input.edge, 'v3')
    const services = Object.entries(ports).map(([name, { port }]) => [
      name,
      { loadBalancer: { server: { port } } },
    ])
    const http = { routers, middlewares, services: Object.fromEntries(services) as object }
    const labels = flat({ traefik: { enable: true, swarm: { network: 'traefik' }, http } })
    const text = yamlFile(template, {
      set: [...serviceValues(input), [labelsPath, labels]],
      comments: [[['configs'], renamed], ...labelComments(labels, 'traefik.http.routers.', purposes)],
      doubleDollars: true,
    })
    return {
      files: [{ name: 'stack.yml', text: header(input, 'swarm') + text }],
      notes: notesFor(input.edge),
    }
  },
}

const renamed =
  'Swarm keeps a config as it is: when its file has changed, give it another name in a second file, local.yml.'

const template = `version: "3.8"
services:
${nexusService}    networks: [default, traefik]
    deploy:
      # Its volume is on one node: docker node update --label-add nexus=true <node>
      placement: { constraints: [node.labels.nexus == true] }
      # Two at a time on one database destroy it.
      update_config: { order: stop-first }
      labels: []
${bootstrapService}    deploy:
      placement: { constraints: [node.labels.nexus == true] }
      restart_policy: { condition: on-failure, delay: 30s, max_attempts: 10 }
networks:
  # The overlay network that Traefik is on. It runs with --providers.swarm, and its entry points need transport.respondingTimeouts.readTimeout=0s: else a layer that takes
  # longer than 60 s is cut off.
  traefik: { external: true }
secrets:
  # docker secret create nexus-password -
  nexus-password: { external: true }
${nexusVolumes}`

function notesFor(edge: Edge): string[] {
  const { entryPoints } = staticOf(edge, { filename: '' }, '')
  const options = flat({ entryPoints }).map((option) => `--${option}`)
  return [
    `${toolImageNote} Push it where the nodes pull from, and name it so in local.yml: services: {bootstrap: {image: …}}.`,
    `Traefik itself is started with --providers.swarm and ${options.join(' ')}: without the time-out, layers that take longer than 60 s are cut off.`,
    ...('certificate' in edge.tls
      ? ['Traefik gets the certificate by its own file provider: no label can name it.']
      : []),
    ...('acme' in edge.tls ? [`The labels call the resolver of certificates ${certResolver}.`] : []),
    'docker stack deploy --compose-file stack.yml --compose-file local.yml registry, with the file of the registry beside them. local.yml has version: "3.8" and what you change.',
  ]
}
