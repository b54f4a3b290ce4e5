// The rules of two write-ups, in the place of ours: the probe has to see what is wrong with them (edge.md 1.2).
import { describe, expect, it } from 'vitest'
import type { Rendered } from '../../src/targets/contract.ts'
import { reasonToSkip } from '../programs/workshop.ts'
import { serve } from './fronts/describe-front.ts'
import { misled, probe } from './fronts/front-probe.ts'
import { type Trial, ways } from './fronts/front-trial.ts'

const reason = reasonToSkip('nginx', 'openssl')

/** The server of the write-up with nginx, whose lines choose `$upstream`. */
function writeUp(lines: string, { edge }: Trial): Rendered {
  const { certificate, key } = edge.tls as { certificate: string; key: string }
  const address = (name: string) => {
    const found = edge.backEnds.find((one) => one.name === name)
    return `server ${found?.host}:${found?.port};`
  }
  const text = `
upstream nexus_docker_get { ${address('repository-docker')} }
upstream nexus_docker_put { ${address('repository-docker-hosted')} }
server {
listen ${edge.sites[0]?.port} ssl;
ssl_certificate ${certificate};
ssl_certificate_key ${key};
client_max_body_size 0;
chunked_transfer_encoding on;
set $upstream "nexus_docker_put";
${lines}
location / {
proxy_pass http://$upstream;
proxy_set_header Host $host;
proxy_set_header X-Real-IP $remote_addr;
proxy_buffering off;
proxy_request_buffering off;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto http;
}
}
`
  return { files: [{ name: 'write-up.conf', text }], notes: [] }
}

const toGroup = (method: string) =>
  `if ( $request_method ~* ${method}) {\nset $upstream "nexus_docker_get";\n}`
const isGet = toGroup("'GET'")
// Traefik's Method:GET,HEAD and Method:PUT,DELETE,POST,PATCH, said by nginx.
const isGetOrHead = toGroup("'^(GET|HEAD)$'")

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
const ping = 'GET /v2/'
const status = 'GET /v2/acme/app/blobs/uploads/3b1f4f6e-8f0e-4a9b-9d5e-6f1f0c1d2e3f'

describe.skipIf(reason !== undefined)('the rules of the write-ups', () => {
  it('GET to the group: HEAD of what is proxied, and the status of an upload', async () => {
    const { trial } = await serve('nginx', (trial) => writeUp(isGet, trial), ways.method)
    expect(await misled(trial)).toEqual([
      ping,
      'HEAD /v2/library/base/manifests/1',
      `HEAD /v2/acme/app/manifests/${digest}`,
      status,
    ])
  })

  it('GET and HEAD to the group: the look for a layer before it is pushed, and the status of an upload', async () => {
    const { trial } = await serve('nginx', (trial) => writeUp(isGetOrHead, trial), ways.method)
    expect(await misled(trial)).toEqual([
      ping,
      `HEAD /v2/acme/app/blobs/${digest}`,
      `HEAD /v2/library/base/blobs/${digest}`,
      status,
      `HEAD /v2/acme/app/%62lobs/${digest}`,
    ])
  })

  it('X-Forwarded-Proto http, and Host without its port', async () => {
    const { trial } = await serve('nginx', (trial) => writeUp(isGet, trial), ways.method)
    const push = 'POST /v2/acme/app/blobs/uploads/ at registry.example.com: '
    const says = (await probe(trial)).filter((line) => line.startsWith(push))
    const port = trial.sites[0]?.port
    expect(says.map((line) => line.slice(push.length))).toEqual([
      `Host is "registry.example.com", not "registry.example.com:${port}"`,
      'X-Forwarded-Proto is "http", not "https"',
      'Forwarded is "host=elsewhere.example.com:5002;for=192.0.2.1", not undefined',
      'X-Forwarded-Port is "5002", not undefined',
      'X-Forwarded-Server is "elsewhere.example.com", not undefined',
      'X-Forwarded-Host is elsewhere.example.com:5002',
      `Location is http://registry.example.com/v2/acme/app/blobs/uploads/new, not https://registry.example.com:${port}/v2/acme/app/blobs/uploads/new`,
    ])
  })
})
