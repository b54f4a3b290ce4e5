import { stringify } from 'smol-toml'
import { client, when } from './client.ts'
import { groupNotes, placeOf } from './mirrors.ts'

const caName = 'nexus-docker-ca.crt'

/** For `/etc/buildkit` (edge.md 3.5). */
export const buildkit = client('buildkit', 'BuildKit and docker buildx: buildkitd.toml', (way) => {
  const { hosts, mirrored, plain, ca, file, caFiles } = way
  const access = plain ? { http: true } : { ca: [`/etc/buildkit/${caName}`] }
  const registry = {
    ...Object.fromEntries(
      mirrored.flatMap(({ domain, named }) => when(named[0], [domain, { mirrors: named.map(placeOf) }])),
    ),
    ...Object.fromEntries(when(plain || ca, ...hosts).map((host) => [host, access])),
  }
  const why = 'BuildKit lays /v2 before the path of a mirror: it is written as in names of images.'
  return {
    files: [file('buildkitd.toml', stringify({ registry }), why), ...caFiles(caName)],
    notes: [
      'docker buildx create --buildkitd-config /etc/buildkit/buildkitd.toml --use makes a builder with it, certificates included (--config before buildx 0.15).',
      ca &&
        'Tokens are fetched by buildctl and docker buildx: their machine must trust the CA, too (SSL_CERT_FILE, or client-setup.sh --system-trust).',
      ...groupNotes(mirrored),
    ],
  }
})
