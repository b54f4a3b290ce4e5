// nginx in front of a registry: the rules that work, and each way to get them wrong that people were seen to use.
// `push` is the hosted repository's address, `pull` the group's.

export interface ProxyTargets {
  /** `http://HOST:PORT` of a connector, or `http://HOST:PORT/repository/NAME` for the rules that add a prefix. */
  push: URL
  pull: URL
  /** The server's own port, for the rule that leads there; default: where nothing listens. */
  ui: URL
}

export interface ProxyRule {
  /** What it does, in one line. */
  title: string
  /** Whether clients work through it. */
  right: boolean
  /** What a wrong one breaks, as it was seen with real clients. */
  breaks?: string
  /** Only wrong where TLS ends in the proxy. */
  needsTls?: boolean
  /** Addresses with `/repository/NAME` are wanted. */
  prefix?: boolean
  /** Lines in the `http` block. */
  http?(targets: ProxyTargets): string
  /** Lines in the `server` block. */
  server(targets: ProxyTargets): string
}

/** Headers and buffering as they have to be. */
const passing = [
  'proxy_http_version 1.1;',
  'proxy_set_header Connection "";',
  'proxy_set_header Host $http_host;',
  'proxy_set_header X-Forwarded-Proto $scheme;',
  'proxy_request_buffering off;',
  'proxy_buffering off;',
  'proxy_read_timeout 900s;',
  'proxy_send_timeout 900s;',
  'client_max_body_size 0;',
]

/** The lines of `passing` with those replaced that set the same thing; `header` lines are told apart by the header's name. */
function passingBut(...changes: string[]): string {
  const key = (line: string) => line.split(' ', line.startsWith('proxy_set_header') ? 2 : 1).join(' ')
  const changed = new Set(changes.map(key))
  return [...passing.filter((line) => !changed.has(key(line))), ...changes].join('\n')
}

/** Leaves one of the lines out. */
const passingWithout = (start: string): string => passing.filter((line) => !line.startsWith(start)).join('\n')

const slash = 'location = /v2 { return 308 /v2/; }'

const upstreams = ({ push, pull }: ProxyTargets): string =>
  `upstream hosted { server ${push.host}; keepalive 16; }\nupstream group { server ${pull.host}; keepalive 16; }`

/** Requests go to one of two upstreams by lines of a map over "METHOD PATH". */
function byMap(lines: string): Pick<ProxyRule, 'http' | 'server'> {
  return {
    http: (targets) => `${upstreams(targets)}\nmap "$request_method $uri" $to {\n${lines}\n}`,
    server: () => `${passing.join('\n')}\n${slash}\nlocation / { proxy_pass http://$to; }`,
  }
}

/** Everything to one upstream, the hosted repository, with the lines that are given. */
const toHosted = (lines: string): Pick<ProxyRule, 'http' | 'server'> => ({
  http: upstreams,
  server: () => `${lines}\n${slash}\nlocation / { proxy_pass http://hosted; }`,
})

const threeParts = `
  default hosted;
  "~^(?:GET|HEAD) /v2/.+/blobs/uploads/" hosted;
  "~^HEAD /v2/.+/blobs/" hosted;
  "~^(?:GET|HEAD) " group;`

/** By name. Namespaces of one's own images are `team/…`. Sources: edge.md 1.2, 1.3, 4; field-2026-11.md 3.1, 3.3. */
export const proxyRules = {
  'three-part': {
    title: 'by method: uploads and the existence check of a push to hosted, other reads to the group',
    right: true,
    ...byMap(threeParts),
  },
  'three-part-ping-hosted': {
    title: 'the three-part rule, and the ping to hosted: the group may be open to everybody',
    right: true,
    ...byMap(`  "~^GET /v2/$" hosted;${threeParts}`),
  },
  namespace: {
    title: 'by namespace: team/… to hosted with every method, the rest to the group',
    right: true,
    ...byMap('  default group;\n  "~^[A-Z]+ /v2/team/" hosted;\n  "~^GET /v2/$" hosted;'),
  },
  prefix: {
    title: 'no connectors: /v2/ gets the path of the repository in front, Location loses it',
    right: true,
    prefix: true,
    http: ({ push, pull }) =>
      `map "$request_method $uri" $repository {${threeParts.replaceAll(' hosted;', ` ${push.pathname};`).replaceAll(' group;', ` ${pull.pathname};`)}\n}`,
    server: ({ push, pull }) => `${passing.join('\n')}\n${slash}
location /v2/ {
  proxy_pass http://${push.host}$repository$request_uri;
  proxy_redirect "~^(https?://[^/]+)?(?:${push.pathname}|${pull.pathname})/v2/(.*)$" $1/v2/$2;
}
location ~ ^(?:${push.pathname}|${pull.pathname})/v2/ { proxy_pass http://${push.host}; }`,
  },
  'whole-server': {
    title: 'the whole server behind one name, for path-based routing',
    right: true,
    http: ({ ui }) => `upstream server { server ${ui.host}; keepalive 16; }`,
    server: () => `${passing.join('\n')}\n${slash}\nlocation / { proxy_pass http://server; }`,
  },
  plain: {
    title: 'everything to the one repository of this name',
    right: true,
    ...toHosted(passing.join('\n')),
  },
  'get-only': {
    title: 'GET to the group, everything else to hosted',
    right: false,
    breaks: 'HEAD of a manifest goes to hosted: containerd and BuildKit cannot pull what is proxied',
    ...byMap('  default hosted;\n  "~^GET " group;'),
  },
  'get-head': {
    title: 'GET and HEAD to the group, everything else to hosted',
    right: false,
    breaks:
      'HEAD of a blob answers from a proxy member: "blob unknown" when an image on a cached base is pushed',
    ...byMap('  default hosted;\n  "~^(?:GET|HEAD) " group;'),
  },
  'put-only': {
    title: 'PUT to hosted, everything else to the group',
    right: false,
    breaks: 'POST and PATCH reach the group: denied on Community',
    ...byMap('  default group;\n  "~^PUT " hosted;'),
  },
  'split-uploads': {
    title: 'PATCH to the group, other writes to hosted',
    right: false,
    breaks: 'the upload session is not known where PATCH arrives',
    ...byMap(`${threeParts}\n  "~^PATCH " group;`),
  },
  'upload-status': {
    title: 'GET of an upload session to the group',
    right: false,
    breaks: 'a push that was interrupted cannot be resumed: 404 for the status of the upload',
    ...byMap('  default hosted;\n  "~^HEAD /v2/.+/blobs/" hosted;\n  "~^(?:GET|HEAD) " group;'),
  },
  'no-forwarded-proto': {
    title: 'TLS ends here, X-Forwarded-Proto is not sent',
    right: false,
    needsTls: true,
    breaks: 'Location and the token realm begin with http:// (null:// on 3.77 to 3.80)',
    ...toHosted(passingWithout('proxy_set_header X-Forwarded-Proto')),
  },
  'forwarded-proto-http': {
    title: 'TLS ends here, X-Forwarded-Proto says http',
    right: false,
    needsTls: true,
    breaks: 'Location and the token realm begin with http://',
    ...toHosted(passingBut('proxy_set_header X-Forwarded-Proto http;')),
  },
  'forwarded-host-with-port': {
    title: 'X-Forwarded-Host with the port, as Traefik, Caddy and Apache send it',
    right: false,
    breaks: 'the token realm of 3.78 to 3.80 has the port twice',
    ...toHosted(passingBut('proxy_set_header X-Forwarded-Host $http_host;')),
  },
  'blind-prefix': {
    title: 'every path gets /repository/NAME in front',
    right: false,
    prefix: true,
    breaks: 'from 3.84 the realm has the path already: it is doubled, "not a docker request"',
    server: ({ push }) =>
      `${passing.join('\n')}\nlocation / { proxy_pass http://${push.host}${push.pathname}$request_uri; }`,
  },
  'body-limit': {
    title: "nginx's own limit of 1 MB for bodies",
    right: false,
    breaks: 'layers of more than 1 MB: 413 with a page in HTML',
    ...toHosted(passingBut('client_max_body_size 1m;')),
  },
  'methods-filtered': {
    title: 'only GET, HEAD, POST and PUT are let through',
    right: false,
    breaks: 'PATCH and DELETE: 405 with a page in HTML',
    ...toHosted(`${passing.join('\n')}\nif ($request_method !~ "^(?:GET|HEAD|POST|PUT)$") { return 405; }`),
  },
  'host-without-port': {
    title: 'Host without the port',
    right: false,
    breaks: 'Location leads to port 80 or 443',
    ...toHosted(passingBut('proxy_set_header Host $host;')),
  },
  'host-of-upstream': {
    title: "Host is not set: nginx sends the upstream's own name",
    right: false,
    breaks: 'the token realm leads to a name that only the proxy knows (nginx itself mends Location)',
    ...toHosted(passingWithout('proxy_set_header Host')),
  },
  'no-api-version': {
    title: 'Docker-Distribution-Api-Version is taken out of answers',
    right: false,
    breaks: 'old clients take the server for no registry',
    ...toHosted(`${passing.join('\n')}\nproxy_hide_header Docker-Distribution-Api-Version;`),
  },
  'to-the-ui': {
    title: "/v2/ leads to the server's own port, where no repository answers",
    right: false,
    breaks: '404 with a page in HTML for /v2/',
    http: ({ ui }) => `upstream server { server ${ui.host}; }`,
    server: () => `${passing.join('\n')}\nlocation / { proxy_pass http://server; }`,
  },
  'authorization-dropped': {
    title: 'Authorization is not passed on',
    right: false,
    breaks: 'every sign-in is refused',
    ...toHosted(passingBut('proxy_set_header Authorization "";')),
  },
  'query-lost': {
    title: 'the query is not passed on',
    right: false,
    breaks: 'the end of an upload has no digest: 400',
    ...toHosted(passing.join('\n')),
    server: () =>
      `${passing.join('\n')}\n${slash}\nlocation / { rewrite ^(.*)$ $1? break; proxy_pass http://hosted; }`,
  },
  'short-timeouts': {
    title: 'the upstream has one second to answer',
    right: false,
    breaks: 'a large layer, or the first pull of a proxied one: 504 with a page in HTML',
    ...toHosted(passingBut('proxy_read_timeout 1s;', 'proxy_send_timeout 1s;')),
  },
} satisfies Record<string, ProxyRule>

export type ProxyRuleName = keyof typeof proxyRules
