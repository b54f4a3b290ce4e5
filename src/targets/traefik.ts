import type { Target } from './contract.ts'
import { dynamicFile, staticFile } from './traefik/files.ts'
import { refuseBeyondTraefik } from './traefik/refuse.ts'
import type { Syntax } from './traefik/rules.ts'

export const traefik = byFile(
  'traefik',
  'v3',
  'Traefik 3: rules for its file provider, and a static configuration to start with',
)

export const traefikV2 = byFile(
  'traefik-v2',
  'v2',
  'Traefik 2 (2.11.24 or newer): as traefik, in its language of rules',
)

function byFile(name: string, syntax: Syntax, about: string): Target {
  return {
    name,
    group: 'front',
    about,
    render(input) {
      refuseBeyondTraefik(input.edge, name)
      return {
        files: [
          { name: 'dynamic/nexus-docker.yml', text: dynamicFile(input, name, syntax) },
          { name: 'traefik.yml', text: staticFile(input, name) },
        ],
        notes: [
          'A Traefik that runs already keeps its traefik.yml. It needs dynamic/nexus-docker.yml where its file provider looks, the entry points as traefik.yml names them, and on each of them readTimeout: 0s.',
          'No middleware buffering or compress may stand on these entry points: layers would be stored on disk first, and ranges of blobs lost.',
          ...(input.edge.tls.ends === 'further-out'
            ? [
                'forwardedHeaders.trustedIPs of the entry point names the load balancer, for the addresses of clients.',
              ]
            : []),
        ],
      }
    },
  }
}
