import { UserError } from '../core/errors.ts'
import type { Edge, PathPattern, Rule, Site } from '../edge/edge.ts'
import type { Target } from './contract.ts'
import { header } from './header.ts'
import { listeningOf } from './listening.ts'
import { flat } from './stack/flat.ts'
import { yamlFile } from './stack/yaml-file.ts'
import { orderOf } from './traefik/dynamic.ts'
import { refuseBeyondLabels } from './traefik/refuse.ts'

const place = ['services', 'nexus', 'deploy', 'labels']

/** Labels of Traefik 1.7 for a Swarm service `nexus`, laid over a stack file that is there already. */
export const traefikV1: Target = {
  name: 'traefik-v1',
  group: 'front',
  about: 'Traefik 1.7 on Swarm, end of life since 2021: labels for the service nexus of your stack',
  upstream: 'http://nexus:8081',
  render(input) {
    const { edge } = input
    refuseBeyondLabels(edge, 'traefik-v1')
    const labels = ['traefik.enable=true']
    const comments: [(string | number)[], string][] = []
    for (const site of edge.sites)
      for (const [index, rule] of site.rules.entries()) {
        // What no rule fits Traefik answers with 404.
        if ('refuse' in rule.action) continue
        comments.push([[...place, labels.length], rule.purpose])
        labels.push(...segmentOf(edge, site, rule, index))
      }
    const text = yamlFile('version: "3.8"', { set: [[place, labels]], comments, doubleDollars: true })
    return { files: [{ name: 'traefik-v1.yml', text: header(input, 'traefik-v1') + text }], notes }
  },
}

const notes = [
  'docker stack deploy -c your-stack.yml -c traefik-v1.yml <stack> adds these labels to the service nexus; take out the old ones for the same hosts.',
  'Traefik 1 gets no more fixes. It compares paths as a client writes them (// and ..), and on a port other than 443 it sends X-Forwarded-Host with that port, which Nexus 3.78 to 3.80 doubles. For Traefik 3 render swarm.',
]

/** A segment is a port with a rule of its own. */
function segmentOf(edge: Edge, site: Site, rule: Rule, index: number): string[] {
  const { name, priority } = orderOf(site, index)
  const { action } = rule
  const backEnd = edge.backEnds.find((one) => 'to' in action && one.name === action.to)
  const replacement = 'redirect' in action && action.redirect.replaceAll('$', () => '$$')
  const frontend = {
    rule: ruleOf(site, rule),
    priority,
    entryPoints: entryPointOf(listeningOf(edge, site).port),
    ...(replacement && { redirect: { regex: '.*', replacement, permanent: true } }),
    ...(edge.tls.ends === 'further-out' && {
      headers: { customRequestHeaders: 'X-Forwarded-Proto:https' },
    }),
  }
  return flat({ frontend, port: backEnd?.port ?? 8081 }, `traefik.${name}`)
}

/** The names that Traefik's documentation of 1.7 gives to the usual ports. */
function entryPointOf(port: number): string {
  return { 443: 'https', 80: 'http' }[port] ?? `port${port}`
}

/** `Host:registry.example.com;Method:GET,HEAD;PathPrefix:/v2/`: split at `;`, then at the first `:`, then at `,` (v1.7 rules/rules.go). */
function ruleOf({ host }: Site, { methods, path }: Rule): string {
  return [`Host:${plain(host)}`, ...(methods ? [`Method:${methods.join(',')}`] : []), ...pathOf(path)].join(
    ';',
  )
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
