import { client, when } from './client.ts'
import { setupFile } from './client-setup.ts'
import { daemonSettings } from './daemon.ts'

const image = 'docker:29-dind'
const setup = { shell: 'sh', run: 'sudo sh "$GITHUB_ACTION_PATH/client-setup.sh"' }
const action = {
  name: 'Clients of the registry',
  description: 'Docker, podman and containerd of the runner pull through the registry.',
  runs: { using: 'composite', steps: [setup] },
}

/** The daemon of a job knows nothing of its machine's (edge.md 3.6). */
export const dind = client('dind', 'Docker in Docker: GitLab CI, GitHub Actions, Compose', (way) => {
  const { ca, hosts, file, caFiles } = way
  const { settings, notes } = daemonSettings(way)
  const flags = [
    ...(settings['registry-mirrors'] ?? []).map((url) => `--registry-mirror=${url}`),
    ...(settings['insecure-registries'] ?? []).map((host) => `--insecure-registry=${host}`),
  ]
  const command = flags.length === 0 ? {} : { command: flags }
  const trusted = when(ca, ...hosts).map((host) => `/etc/docker/certs.d/${host}`)
  // No variable but the CA: a runner that puts in variables by itself would empty it.
  const steps = trusted.map((at) => `mkdir -p "${at}" && printf %s "$REGISTRY_CA" >"${at}/ca.crt" && `)
  const entrypoint = ['sh', '-c', `${steps.join('')}exec dockerd-entrypoint.sh "$@"`, 'sh']
  const job = {
    services: [{ name: image, alias: 'docker', ...(ca && { entrypoint }), ...command }],
    variables: { DOCKER_TLS_CERTDIR: '/certs', ...(ca && { REGISTRY_CA: ca }) },
  }
  const docker = {
    image,
    privileged: true,
    ...command,
    environment: { DOCKER_TLS_CERTDIR: '/certs' },
    volumes: ['docker-certs:/certs/client', 'docker-data:/var/lib/docker'],
    configs: trusted.map((at) => ({ source: 'registry-ca', target: `${at}/ca.crt` })),
  }
  const volumes = { 'docker-certs': {}, 'docker-data': {} }
  const configs = ca === undefined ? {} : { 'registry-ca': { file: './registry-ca.crt' } }
  const uses = 'This folder as .github/actions/registry; a step: uses: ./.github/actions/registry'
  const variables =
    'Clients: DOCKER_HOST=tcp://docker:2376 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=(docker-certs)'
  const note =
    'GitLab: the runner must be privileged and share /certs/client (docs.gitlab.com/ci/docker/using_docker_build); for names that no DNS knows it has extra_hosts.'
  return {
    files: [
      file('gitlab-ci.yml', { '.nexus-docker-dind': job }, 'A job: extends: .nexus-docker-dind'),
      file('github/action.yml', action, uses),
      setupFile(way, 'github/client-setup.sh'),
      file('compose.yml', { services: { docker }, configs, volumes }, variables),
      ...caFiles('registry-ca.crt'),
    ],
    notes: [note, ...notes],
  }
})
