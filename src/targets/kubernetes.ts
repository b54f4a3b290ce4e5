import type { BackEnd, Edge, PathPattern, Rule, Site } from '../edge/edge.ts'
import { schemeOf } from '../edge/origin.ts'
import type { Target } from './contract.ts'
import { header } from './header.ts'
import { droppedHeaders } from './listening.ts'
import { notExpressible } from './not-expressible.ts'
import { applyCommand, jvmOptions, nexusImage, sourcesOf, toolImage, toolImageNote } from './stack/nexus.ts'
import { yamlFile } from './stack/yaml-file.ts'
import { refuseBeyondLabels } from './traefik/refuse.ts'

export const kubernetes: Target = {
  name: 'kubernetes',
  group: 'stack',
  about: 'Kubernetes: Nexus, a job with this tool to set it up, and routes of the Gateway API',
  upstream: 'http://nexus:8081',
  render(input) {
    const { edge } = input
    refuseBeyondLabels(edge, 'kubernetes')
    refuseBeyondRoutes(edge)
    const documents = [
      yamlFile(serviceTemplate, { set: [[['spec', 'ports'], portsFor(edge)]] }),
      yamlFile(serverTemplate, { set: [[[...container, 'image'], nexusImage(input)]] }),
      yamlFile(jobTemplate, { set: [[[...container, 'args'], applyCommand(input)]] }),
      ...edge.sites.flatMap((site) => routes(site, edge)),
    ]
    const files = sourcesOf(input).map(({ file, name }) => `--from-file=${name}=${file}`)
    return {
      files: [{ name: 'nexus.yaml', text: header(input, 'kubernetes') + documents.join('---\n') }],
      notes: [
        `${toolImageNote} Push it where the nodes pull from, and name it so, best by a kustomization (images:).`,
        'First: kubectl create secret generic nexus-admin --from-literal=password="$NEXUS_PASSWORD", the password that admin is to have.',
        `For each version of the file: kubectl create configmap nexus-registry ${files.join(' ')} --dry-run=client --output yaml | kubectl apply --filename -, and kubectl delete job nexus-registry before kubectl apply --filename nexus.yaml.`,
        'The routes need a Gateway named gateway with a listener for each host, and its certificate; some have limits of their own for bodies and idle connections.',
      ],
    }
  },
}

const container = ['spec', 'template', 'spec', 'containers', 0] as const

/** In the Gateway API the most special match wins, whatever the order, and only what every implementation has to offer is sure (edge.md 1.6). */
function refuseBeyondRoutes({ routing, sites }: Edge): void {
  if (routing === 'method')
    throw notExpressible(
      'kubernetes cannot route by method: it takes regular expressions, whose precedence the Gateway API leaves to each implementation',
      'Use routing: namespace, two-hosts or path, or put nginx, haproxy, caddy or traefik in front.',
    )
  const other = sites.find(({ host, port }) => /^[\d.]+$|:/.test(host) || ![443, 80].includes(port))
  if (other)
    throw notExpressible(
      `kubernetes cannot route ${other.host}:${other.port}: routes of the Gateway API know names, not addresses and ports`,
      'Use routing: two-hosts, namespace or path with host names on port 443.',
    )
}

/** The image names 8081 alone; connectors have to be named here. */
function portsFor({ backEnds }: Edge): object[] {
  const ports = new Set([8081, ...backEnds.map(({ port }) => port)])
  return [...ports].map((port) => ({ name: `http-${port}`, port }))
}

const serviceTemplate = `apiVersion: v1
kind: Service
metadata: { name: nexus }
spec:
  selector: { app.kubernetes.io/name: nexus }
`

const serverTemplate = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: nexus }
spec:
  serviceName: nexus
  replicas: 1
  selector: { matchLabels: { app.kubernetes.io/name: nexus } }
  template:
    metadata: { labels: { app.kubernetes.io/name: nexus } }
    spec:
      automountServiceAccountToken: false
      # Nexus closes its database.
      terminationGracePeriodSeconds: 120
      # The user of the image.
      securityContext: { runAsNonRoot: true, runAsUser: 200, runAsGroup: 200, fsGroup: 200, fsGroupChangePolicy: OnRootMismatch, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: nexus
          image: sonatype/nexus3
          env:
            - { name: INSTALL4J_ADD_VM_PARAMS, value: "${jvmOptions}" }
            # What a new server takes for the password of admin, from 3.39.
            - { name: NEXUS_SECURITY_INITIAL_PASSWORD, valueFrom: { secretKeyRef: { name: nexus-admin, key: password } } }
          # The first start, and the first one of a new version, take minutes.
          startupProbe: { httpGet: { path: /service/rest/v1/status, port: 8081 }, periodSeconds: 10, failureThreshold: 90 }
          readinessProbe: { httpGet: { path: /service/rest/v1/status, port: 8081 }, periodSeconds: 10, timeoutSeconds: 5 }
          livenessProbe: { httpGet: { path: /service/rest/v1/status, port: 8081 }, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 6 }
          resources: { requests: { cpu: "1", memory: 6Gi }, limits: { memory: 6Gi } }
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          volumeMounts: [{ name: nexus-data, mountPath: /nexus-data }]
  volumeClaimTemplates:
    - metadata: { name: nexus-data }
      spec:
        accessModes: [ReadWriteOnce]
        resources: { requests: { storage: 100Gi } }
`

const jobTemplate = `# Makes the registry what the file says. In it: bootstrap: {acceptEula: true}
apiVersion: batch/v1
kind: Job
metadata: { name: nexus-registry }
spec:
  backoffLimit: 3
  template:
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: nexus-docker
          image: ${toolImage}
          args: []
          env:
            - { name: NEXUS_URL, value: "http://nexus:8081" }
            - { name: NEXUS_PASSWORD_FILE, value: /secrets/password }
            - { name: HOME, value: /tmp }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
          volumeMounts:
            - { name: config, mountPath: /config, readOnly: true }
            - { name: credentials, mountPath: /secrets, readOnly: true }
            - { name: scratch, mountPath: /tmp }
      volumes:
        - { name: config, configMap: { name: nexus-registry } }
        - { name: credentials, secret: { secretName: nexus-admin } }
        - { name: scratch, emptyDir: {} }
`

/** The rules of all routes of a host count together. */
function routes(site: Site, edge: Edge): string[] {
  const all = grouped(site.rules)
  return Array.from({ length: Math.ceil(all.length / mostRules) }, (_, page) => {
    const groups = all.slice(page * mostRules, (page + 1) * mostRules)
    return yamlFile(routeTemplate, {
      set: [
        [['metadata', 'name'], page === 0 ? site.host : `${site.host}-${page + 1}`],
        [['spec', 'hostnames'], [site.host]],
        [['spec', 'rules'], groups.map((group) => ruleOf(group, site, edge))],
      ],
      comments: groups.map((group, index) => [
        ['spec', 'rules', index],
        [...new Set(group.map(({ purpose }) => purpose))].join(', '),
      ]),
    })
  })
}

const routeTemplate = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {}
spec:
  parentRefs: [{ name: gateway }]
`

/** Of a route: 16 rules, and 128 matches in them (gateway-api, httproute_types.go). */
const mostRules = 16
const mostMatches = 8

/** Rules that do the same stand together. What none fits is answered with 404. */
function grouped(rules: readonly Rule[]): Rule[][] {
  const groups: Rule[][] = []
  for (const rule of rules) {
    const last = groups.at(-1)
    if ('refuse' in rule.action) continue
    const same = JSON.stringify(last?.[0]?.action) === JSON.stringify(rule.action)
    if (last && same && last.length < mostMatches) last.push(rule)
    else groups.push([rule])
  }
  return groups
}

function ruleOf(group: readonly Rule[], { port }: Site, { backEnds, tls }: Edge): object {
  const matches = group.map(({ path }) => ({ path: matchOf(path) }))
  const [{ action }] = group as [Rule]
  const scheme = schemeOf(tls)
  if ('redirect' in action) {
    const path = { type: 'ReplaceFullPath', replaceFullPath: action.redirect }
    const requestRedirect = { scheme, port, path, statusCode: 301 }
    return { matches, filters: [{ type: 'RequestRedirect', requestRedirect }] }
  }
  const backEnd = backEnds.find((one) => 'to' in action && one.name === action.to) as BackEnd
  const requestHeaderModifier = {
    set: [{ name: 'X-Forwarded-Proto', value: scheme }],
    remove: droppedHeaders,
  }
  return {
    matches,
    filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier }],
    backendRefs: [{ name: 'nexus', port: backEnd.port }],
    timeouts: { request: '0s' },
  }
}

function matchOf(path: PathPattern): object {
  if ('exact' in path) return { type: 'Exact', value: path.exact }
  return { type: 'PathPrefix', value: 'prefix' in path ? path.prefix : undefined }
}
