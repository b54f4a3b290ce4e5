import type { Target } from './contract.ts'
import { header } from './header.ts'
import { flat, labelComments, labelsPath } from './stack/labels.ts'
import { yamlFile } from './stack/yaml-file.ts'
import { type Dynamic, dynamicOf } from './traefik/dynamic.ts'
import { refuseBeyondLabels } from './traefik/refuse.ts'

/** Labels for a Swarm service `nexus`, laid over a stack file that is there already. */
export const traefikV1: Target = {
  name: 'traefik-v1',
  group: 'front',
  about: 'Traefik 1.7 on Swarm, end of life since 2021: labels for the service nexus of your stack',
  upstream: 'http://nexus:8081',
  render(input) {
    refuseBeyondLabels(input.edge, 'traefik-v1')
    const dynamic = dynamicOf(input.edge, 'v1')
    const names = Object.keys(dynamic.routers)
    const behind = input.edge.tls.ends === 'further-out'
    const labels = flat({
      traefik: {
        enable: true,
        ...Object.fromEntries(names.map((name) => [name, segmentOf(name, dynamic, behind)])),
      },
    })
    const comments = labelComments(labels, 'traefik.', dynamic.purposes)
    const text = yamlFile('version: "3.8"', { set: [[labelsPath, labels]], comments, doubleDollars: true })
    return { files: [{ name: 'traefik-v1.yml', text: header(input, 'traefik-v1') + text }], notes }
  },
}

const notes = [
  'docker stack deploy -c your-stack.yml -c traefik-v1.yml <stack> adds these labels to the service nexus; take out the old ones for the same hosts.',
  'Traefik 1 gets no more fixes. It compares paths as a client writes them (// and ..), and on a port other than 443 it sends X-Forwarded-Host with that port, which Nexus 3.78 to 3.80 doubles. For Traefik 3 render swarm.',
]

/** A segment is a port with a rule of its own. Entry points have the names that the documentation of 1.7 gives them. */
function segmentOf(name: string, { routers, middlewares, ports }: Dynamic, behind: boolean): object {
  const {
    rule,
    priority,
    entryPoints,
    middlewares: [used = ''] = [],
    service,
  } = routers[name] as Dynamic['routers'][string]
  const redirect = middlewares[used]?.redirectRegex
  const frontend = {
    rule,
    priority,
    entryPoints: entryPoints.map((point) => ({ websecure: 'https', web: 'http' })[point] ?? point),
    ...(redirect && { redirect }),
    ...(behind && { headers: { customRequestHeaders: 'X-Forwarded-Proto:https' } }),
  }
  return { frontend, port: ports[service]?.port ?? 8081 }
}
