// Requests as clients send them (edge.md 1.1, field-2026-11 3.3), and which of the two repositories has to answer.

export interface Shape {
  method: string
  path: string
  /** With `routing: method`. */
  byMethod: 'pull' | 'push'
  /** With `routing: namespace`, where `acme` and `backup` are our own. */
  byNamespace: 'pull' | 'push'
  send?: 'range' | 'gzip' | 'chunked' | 'large' | 'halves'
}

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
const upload = '/v2/acme/app/blobs/uploads/3b1f4f6e-8f0e-4a9b-9d5e-6f1f0c1d2e3f'

const rows: [method: string, path: string, by: string, send?: Shape['send']][] = [
  // The ping, and tokens.
  ['GET', '/v2/', 'push push'],
  ['GET', '/v2/token?service=https%3A%2F%2Fregistry.example.com%2Fv2%2Ftoken&account=me', 'pull pull'],
  ['POST', '/v2/token', 'push pull'],
  // Pulls of what is proxied, and of what is ours.
  ['HEAD', '/v2/library/base/manifests/1', 'pull pull'],
  ['GET', '/v2/library/base/manifests/1', 'pull pull'],
  ['GET', `/v2/library/base/manifests/${digest}`, 'pull pull'],
  ['GET', `/v2/library/base/blobs/${digest}`, 'pull pull', 'range'],
  ['GET', `/v2/library/base/blobs/${digest}?halves`, 'pull pull', 'halves'],
  ['HEAD', `/v2/acme/app/manifests/${digest}`, 'pull push'],
  ['GET', '/v2/acme/app/manifests/1?ns=docker.io', 'pull push'],
  ['GET', `/v2/backup/nested/app/blobs/${digest}`, 'pull push'],
  // Pushes.
  ['HEAD', `/v2/acme/app/blobs/${digest}`, 'push push'],
  ['HEAD', `/v2/library/base/blobs/${digest}`, 'push pull'],
  ['POST', `/v2/acme/app/blobs/uploads/?mount=${digest}&from=library%2Fbase`, 'push push'],
  ['POST', '/v2/acme/app/blobs/uploads/', 'push push'],
  ['GET', upload, 'push push'],
  ['PATCH', upload, 'push push', 'chunked'],
  ['PUT', `${upload}?digest=${digest}`, 'push push', 'large'],
  ['DELETE', upload, 'push push'],
  ['PUT', '/v2/acme/app/manifests/1', 'push push'],
  ['DELETE', `/v2/acme/app/manifests/${digest}`, 'push push'],
  // What is listed.
  ['GET', '/v2/acme/app/tags/list?n=100', 'pull push', 'gzip'],
  ['GET', '/v2/_catalog', 'pull pull'],
  // Names that begin like one of ours.
  ['GET', '/v2/acmeology/app/manifests/1', 'pull pull'],
  ['GET', '/v2/library/acme/manifests/1', 'pull pull'],
  // Other spellings of the same path.
  ['GET', '/v2/%61cme/app/manifests/1', 'pull push'],
  ['GET', '/v2//acme/app/manifests/1', 'pull push'],
  ['GET', '/v2/x/../acme/app/manifests/1', 'pull push'],
  ['GET', '/v2/x/%2e%2e/acme/app/manifests/1', 'pull push'],
  ['HEAD', `/v2/acme/app/%62lobs/${digest}`, 'push push'],
]

export const shapes: readonly Shape[] = rows.map(([method, path, by, send]) => {
  const [byMethod, byNamespace] = by.split(' ') as [Shape['byMethod'], Shape['byNamespace']]
  return { method, path, byMethod, byNamespace, ...(send && { send }) }
})
