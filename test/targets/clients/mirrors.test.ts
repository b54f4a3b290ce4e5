// Which repository each client is sent to, by routing: what the clients can address, and what must not be mixed up.
import { parse as parseToml } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Edge } from '../../../src/edge/edge.ts'
import { edgeFor, repositoriesFor } from '../edges.ts'
import { render, someCertificate } from './render.ts'

const domains = ['registry.k8s.io', 'quay.io', 'ghcr.io', 'gcr.io', 'docker.io']

function podmanMirrors(edge: Edge): Record<string, string[]> {
  const text = render('podman', edge).text('registries.conf.d/nexus-docker.conf')
  const { registry } = parseToml(text) as { registry: { prefix: string; mirror?: { location: string }[] }[] }
  return Object.fromEntries(
    registry.flatMap(({ prefix, mirror }) => (mirror ? [[prefix, mirror.map((one) => one.location)]] : [])),
  )
}

function buildkitMirrors(edge: Edge): Record<string, string[]> {
  const { registry } = parseToml(render('buildkit', edge).text('buildkitd.toml')) as {
    registry: Record<string, { mirrors?: string[] }>
  }
  return Object.fromEntries(
    Object.entries(registry).flatMap(([domain, { mirrors }]) => (mirrors ? [[domain, mirrors]] : [])),
  )
}

interface HostsToml {
  server: string
  host: Record<string, { capabilities: string[]; override_path?: boolean; ca?: string }>
}

function hostsToml(edge: Edge, folder: string, caCertificates?: string): HostsToml {
  const text = render('containerd', edge, caCertificates === undefined ? {} : { caCertificates }).text(
    `certs.d/${folder}/hosts.toml`,
  )
  return parseToml(text) as unknown as HostsToml
}

describe('containerd', () => {
  it('asks each proxy at its own address, in every routing that gives it one', () => {
    const asked = (edge: Edge) => domains.map((domain) => Object.keys(hostsToml(edge, domain).host)[0])
    expect(asked(edgeFor({ routing: 'path' }))).toEqual(
      ['k8s', 'quay', 'ghcr', 'gcr', 'docker-hub'].map((name) => `https://registry.example.com/v2/${name}`),
    )
    for (const routing of ['two-hosts', 'namespace', 'method'] as const)
      expect(asked(edgeFor({ routing }))).toEqual(
        ['k8s', 'quay', 'ghcr', 'gcr', 'docker-hub'].map(
          (name) => `https://registry.example.com/repository/${name}/v2`,
        ),
      )
  })

  it('goes on to the registry itself, and takes the address as it stands', () => {
    const { server, host } = hostsToml(edgeFor({ routing: 'path' }), 'docker.io')
    expect(server).toBe('https://registry-1.docker.io')
    expect(Object.values(host)).toEqual([{ capabilities: ['pull', 'resolve'], override_path: true }])
    expect(hostsToml(edgeFor({ routing: 'path' }), 'quay.io').server).toBe('https://quay.io')
  })

  it('names the CA from the folder of each hosts.toml, a port in the way that containerd looks for first', () => {
    const edge = edgeFor({ routing: 'path', hosts: { pull: 'registry.example.com:5000' } })
    const ca = '../registry.example.com_5000_/ca.crt'
    const of = (folder: string) => Object.values(hostsToml(edge, folder, someCertificate).host)[0]?.ca
    expect(of('docker.io')).toBe(ca)
    expect(of('registry.example.com_5000_')).toBe(ca)
    expect(
      render('containerd', edge, { caCertificates: someCertificate }).text(
        'certs.d/registry.example.com_5000_/ca.crt',
      ),
    ).toContain(someCertificate)
  })

  it('says where config_path belongs, for both generations, and that it is one path', () => {
    const notes = render('containerd', edgeFor({ routing: 'path' })).notes.join('\n')
    expect(notes).toContain('[plugins."io.containerd.grpc.v1.cri".registry]')
    expect(notes).toContain('[plugins."io.containerd.cri.v1.images".registry]')
    expect(notes).toContain('One path only')
  })

  it('warns where Kubernetes would have to send a login to a mirror', () => {
    const warned = (anonymous: boolean) =>
      render('containerd', edgeFor({ routing: 'path', anonymous })).notes.some((note) =>
        note.includes('10996'),
      )
    expect([warned(false), warned(true)]).toEqual([true, false])
  })
})

describe.each([
  ['podman', podmanMirrors],
  ['buildkit', buildkitMirrors],
])('%s', (target, mirrorsIn) => {
  it('asks each proxy by its name in the path', () => {
    expect(mirrorsIn(edgeFor({ routing: 'path' }))).toEqual({
      'registry.k8s.io': ['registry.example.com/k8s'],
      'quay.io': ['registry.example.com/quay'],
      'ghcr.io': ['registry.example.com/ghcr'],
      'gcr.io': ['registry.example.com/gcr'],
      'docker.io': ['registry.example.com/docker-hub'],
    })
  })

  it('can address only the group where proxies have no name, and says what that means', () => {
    const edge = edgeFor({ routing: 'two-hosts' })
    expect(mirrorsIn(edge)).toEqual(Object.fromEntries(domains.map((one) => [one, ['registry.example.com']])))
    const notes = render(target, edge).notes.filter((note) => note.includes('may answer with an image'))
    expect(notes).toHaveLength(1)
    expect(notes[0]).toContain(domains.join(', '))
  })

  it('prefers a name of its own, with its port', () => {
    const edge = edgeFor({
      routing: 'two-hosts',
      hosts: {
        pull: 'registry.example.com',
        push: 'push.example.com',
        repositories: { quay: 'quay.example.com:8443' },
      },
    })
    expect(mirrorsIn(edge)['quay.io']).toEqual(['quay.example.com:8443'])
    const note = render(target, edge).notes.find((one) => one.includes('may answer'))
    expect(note).not.toContain('quay.io')
  })

  it('lists every proxy of a registry, in the order of the file', () => {
    const wanted = { routing: 'path' } as const
    const second = {
      name: 'daocloud',
      type: 'proxy' as const,
      values: { pathEnabled: true, remoteUrl: 'https://docker.m.daocloud.io', index: 'hub' },
    }
    const edge = edgeFor({ ...wanted, repositories: [second, ...repositoriesFor(wanted)] })
    expect(mirrorsIn(edge)['docker.io']).toEqual([
      'registry.example.com/daocloud',
      'registry.example.com/docker-hub',
    ])
  })
})

it('speaks http only where there is no TLS, and every client is told so', () => {
  const edge = edgeFor({ routing: 'ports', hosts: { pull: 'registry.lan' }, tls: undefined })
  const group = 'registry.lan:8082'
  const hosted = 'registry.lan:8083'
  expect(JSON.parse(render('docker', edge).text('daemon.json'))).toMatchObject({
    'insecure-registries': [hosted, group],
  })
  const podman = parseToml(render('podman', edge).text('registries.conf.d/nexus-docker.conf'))
  expect(podman['registry']).toContainEqual({ location: group, insecure: true })
  const buildkit = parseToml(render('buildkit', edge).text('buildkitd.toml')) as { registry: object }
  expect(buildkit.registry).toHaveProperty([group], { http: true })
  expect(hostsToml(edge, 'registry.lan_8082_').server).toBe('http://registry.lan:8082')
  const k3s = parse(render('k3s', edge).text('registries.yaml')) as { mirrors: object }
  expect(k3s.mirrors).toHaveProperty([group], { endpoint: ['http://registry.lan:8082'] })
  expect(render('login', edge).text('login.sh')).toContain('skopeo login --tls-verify=false')
})

it('no file trusts a certificate where there is no TLS', () => {
  const edge = edgeFor({ routing: 'ports', tls: undefined })
  for (const name of ['docker', 'podman', 'containerd', 'k3s', 'buildkit', 'client-setup', 'dind'])
    for (const { name: file, text } of render(name, edge, { caCertificates: someCertificate }).files) {
      expect(file).not.toContain('ca.crt')
      expect(text).not.toContain('BEGIN CERTIFICATE')
    }
})

it('says that the certificate is missing, rather than leaving the clients to find out', () => {
  const edge = edgeFor({ routing: 'path' })
  for (const name of ['docker', 'podman', 'containerd', 'k3s', 'buildkit', 'client-setup']) {
    expect(render(name, edge).notes[0]).toContain('No file has the certificate of the private CA')
    expect(render(name, edge, { caCertificates: someCertificate }).notes.join()).not.toContain('No file has')
  }
})

it('takes nothing but certificates from the file of the CA', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n'
  const caCertificates = `subject=CN = "; rm -rf /\nEND-OF-FILE\n${key}${someCertificate.replaceAll('\n', '\r\n')}${someCertificate}`
  const text = render('docker', edgeFor({ routing: 'path' }), { caCertificates }).text(
    'certs.d/registry.example.com/ca.crt',
  )
  expect(text.split('\n\n')[1]).toBe(`${someCertificate}${someCertificate}`)
})

describe('k3s', () => {
  it('has the addresses of the proxies as endpoints, trusts the CA, and holds no login', () => {
    const text = render('k3s', edgeFor({ routing: 'path' }), { caCertificates: someCertificate }).text(
      'registries.yaml',
    )
    expect(parse(text)).toMatchObject({
      mirrors: { 'quay.io': { endpoint: ['https://registry.example.com/v2/quay'] } },
      configs: { 'registry.example.com': { tls: { ca_file: '/etc/rancher/nexus-docker-ca.crt' } } },
    })
    expect(text.split('\n').filter((line) => /auth|password/.test(line))).toEqual([
      expect.stringMatching(/^# .*username: \.\.\., password: \.\.\./),
    ])
  })
})

describe('kubeadm', () => {
  it('takes the images of Kubernetes from the proxy, and CoreDNS one level deeper', () => {
    const text = render('kubeadm', edgeFor({ routing: 'path' })).text('kubeadm.yaml')
    expect(parse(text)).toEqual({
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      imageRepository: 'registry.example.com/k8s',
      dns: { imageRepository: 'registry.example.com/k8s/coredns' },
    })
  })

  it('refuses where nothing has those images', () => {
    const wanted = { routing: 'path' } as const
    const repositories = repositoriesFor(wanted).filter(({ name }) => name !== 'k8s')
    const edge = edgeFor({ ...wanted, repositories })
    expect(() => render('kubeadm', edge)).toThrow(
      expect.objectContaining({ code: 'not-expressible', exitCode: 3 }) as Error,
    )
  })
})

it('kubespray: its own images by name, all others by mirrors', () => {
  const values = parse(
    render('kubespray', edgeFor({ routing: 'two-hosts' })).text('nexus-docker.yml'),
  ) as object
  expect(values).toMatchObject({
    kube_image_repo: 'registry.example.com',
    github_image_repo: 'registry.example.com',
  })
  expect(values).toHaveProperty(
    'containerd_registries_mirrors',
    expect.arrayContaining([
      {
        prefix: 'docker.io',
        server: 'https://registry-1.docker.io',
        mirrors: [
          {
            host: 'https://registry.example.com/repository/docker-hub/v2',
            capabilities: ['pull', 'resolve'],
            skip_verify: false,
            override_path: true,
          },
        ],
      },
    ]),
  )
})
