// What clients really send (edge.md 1.1, field-2026-11 3.3): the 22 shapes of requests, and three spellings that would dodge a rule.

export interface Shape {
  what: string
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
}

const digest = `sha256:${'a'.repeat(64)}`
const upload = '0b1c5ab6-0000-4000-8000-000000000000'

/** Of an image: `library/base`, `acme/app`, in path mode with its repository: `docker/library/base`. */
export function imageShapes(image: string): Shape[] {
  const at = `/v2/${image}`
  return [
    { what: 'pull by tag', method: 'GET', path: `${at}/manifests/1` },
    { what: 'ask for a tag', method: 'HEAD', path: `${at}/manifests/1` },
    { what: 'pull by digest', method: 'GET', path: `${at}/manifests/${digest}` },
    { what: 'ask for a digest', method: 'HEAD', path: `${at}/manifests/${digest}` },
    { what: 'pull a layer', method: 'GET', path: `${at}/blobs/${digest}` },
    { what: 'ask for a layer', method: 'HEAD', path: `${at}/blobs/${digest}` },
    { what: 'begin an upload', method: 'POST', path: `${at}/blobs/uploads/` },
    {
      what: 'mount a layer',
      method: 'POST',
      path: `${at}/blobs/uploads/?mount=${digest}&from=library%2Fother`,
    },
    { what: 'upload a chunk', method: 'PATCH', path: `${at}/blobs/uploads/${upload}` },
    { what: 'end an upload', method: 'PUT', path: `${at}/blobs/uploads/${upload}?digest=${digest}` },
    { what: 'ask for an upload', method: 'GET', path: `${at}/blobs/uploads/${upload}` },
    { what: 'give an upload up', method: 'DELETE', path: `${at}/blobs/uploads/${upload}` },
    { what: 'push a manifest', method: 'PUT', path: `${at}/manifests/1` },
    { what: 'list tags', method: 'GET', path: `${at}/tags/list?n=1` },
  ]
}

/** Of the registry itself. */
export function registryShapes(repository: string): Shape[] {
  return [
    { what: 'ping', method: 'GET', path: '/v2/' },
    { what: 'ping without the slash', method: 'GET', path: '/v2' },
    { what: 'get a token', method: 'GET', path: '/v2/token?service=x&scope=repository:acme/app:pull,push' },
    { what: 'post for a token', method: 'POST', path: '/v2/token' },
    { what: 'catalog', method: 'GET', path: '/v2/_catalog' },
    { what: 'search', method: 'GET', path: '/v1/search?q=alpine' },
    { what: 'the address of a repository', method: 'GET', path: `/repository/${repository}/v2/` },
    { what: 'another page', method: 'GET', path: '/' },
  ]
}

/** Spellings of `/v2/acme/app/manifests/1`. */
export const dodges: readonly Shape[] = ['%61cme', '/acme', 'x/../acme', './acme', '%2E%2e/v2/acme'].map(
  (spelling) => ({ what: `spelt ${spelling}`, method: 'GET', path: `/v2/${spelling}/app/manifests/1` }),
)
