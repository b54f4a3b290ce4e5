import { UserError } from '../core/errors.ts'
import type { BackEnd, Edge, PathPattern, Rule, Site } from '../edge/edge.ts'
import type { Target } from './contract.ts'
import { header } from './header.ts'
import { listeningOf } from './listening.ts'
import { dollarsDoubled } from './stack/dollars.ts'
import { yamlDocument } from './stack/yaml-document.ts'
import { orderOf } from './traefik/order.ts'
import { refuseBeyondLabels } from './traefik/refuse.ts'

/** Labels of Traefik 1.7 for a Swarm service `nexus`, laid over a stack file that is there already. */
export const traefikV1: Target = {
  name: 'traefik-v1',
  group: 'front',
  about: 'Traefik 1.7 on Swarm, end of life since 2021: labels for the service nexus of your stack',
  upstream: 'http://nexus:8081',
  render(input) {
    const { edge } = input
    refuseBeyondLabels(edge, 'traefik-v1')
    const segments = edge.sites.flatMap((site) =>
      site.rules.flatMap((rule, index) => segmentOf(edge, site, rule, index)),
    )
    const labels = ['traefik.enable=true', ...segments.flatMap((segment) => segment.labels)]
    const stack = { version: '3.8', services: { nexus: { deploy: { labels } } } }
    const comments = segments.map(({ labels: [first = ''], purpose }) => {
      return [['services', 'nexus', 'deploy', 'labels', labels.indexOf(first)], purpose] as const
    })
    const text = yamlDocument(dollarsDoubled(stack), comments)
    return { files: [{ name: 'traefik-v1.yml', text: header(input, 'traefik-v1') + text }], notes }
  },
}

const notes = [
  'docker stack deploy -c your-stack.yml -c traefik-v1.yml <stack> adds these labels to the service nexus; take out the old ones for the same hosts.',
  'Traefik 1 gets no more fixes. It compares paths as a client writes them (// and ..), and on a port other than 443 it sends X-Forwarded-Host with that port, which Nexus 3.78 to 3.80 doubles. For Traefik 3 render swarm.',
]

interface Segment {
  labels: string[]
  purpose: string
}

/** A segment is a port with a rule of its own. What no rule fits Traefik answers with 404. */
function segmentOf(edge: Edge, site: Site, rule: Rule, index: number): Segment[] {
  const { action, purpose } = rule
  if ('refuse' in action) return []
  const { name, priority } = orderOf(site, index)
  const properties = {
    'frontend.rule': ruleOf(site, rule),
    'frontend.priority': priority,
    'frontend.entryPoints': entryPointOf(listeningOf(edge, site).port),
    ...('redirect' in action
      ? { ...redirectTo(action.redirect), port: 8081 }
      : { port: (edge.backEnds.find((one) => one.name === action.to) as BackEnd).port }),
    ...(edge.tls.ends === 'further-out' && {
      'frontend.headers.customRequestHeaders': 'X-Forwarded-Proto:https',
    }),
  }
  const labels = Object.entries(properties).map(([key, value]) => `traefik.${name}.${key}=${value}`)
  return [{ purpose, labels }]
}

function redirectTo(path: string): Record<string, string> {
  return {
    'frontend.redirect.regex': '.*',
    'frontend.redirect.replacement': path.replaceAll('$', () => '$$'),
    'frontend.redirect.permanent': 'true',
  }
}

/** The names that Traefik's documentation of 1.7 gives to the usual ports. */
function entryPointOf(port: number): string {
  return { 443: 'https', 80: 'http' }[port] ?? `port${port}`
}

/** `Host:registry.example.com;Method:GET,HEAD;PathPrefix:/v2/`: split at `;`, then at the first `:`, then at `,` (v1.7 rules/rules.go). */
function ruleOf({ host }: Site, { methods, path }: Rule): string {
  const matchers = [
    `Host:${plain(host)}`,
    ...(methods ? [`Method:${methods.join(',')}`] : []),
    ...pathOf(path),
  ]
  return matchers.join(';')
}

/** `Path:` would lead `/v2/` back to `/v2` for ever: 1.7 takes a slash at the end off, unless keepTrailingSlash is set (server.go, StrictSlash). */
function pathOf(path: PathPattern): string[] {
  if ('exact' in path) return [`PathPrefix:${plain(path.exact)}{end:$}`]
  if ('prefix' in path) return path.prefix === '/' ? [] : [`PathPrefix:${plain(path.prefix)}`]
  return [`PathPrefix:/v2/{name:.+}/${path.inside === 'uploads' ? 'blobs/uploads' : 'blobs'}/`]
}

/** The grammar has no quotes. */
function plain(text: string): string {
  if (!/[;,{}\s\p{C}]/u.test(text)) return text
  throw new UserError('not-renderable', `${JSON.stringify(text)} cannot stand in a rule of Traefik 1`, {
    hint: 'render swarm and move to Traefik 3, or change the name',
    exitCode: 3,
  })
}
