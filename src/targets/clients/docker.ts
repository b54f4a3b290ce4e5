import { client, when } from './client.ts'
import { daemonSettings, jsonText, mergeDaemon } from './daemon.ts'

/** For `/etc/docker` (edge.md 3.1). */
export const docker = client('docker', 'Docker Engine: daemon.json (merged) and certs.d', (way) => {
  const { settings, notes } = daemonSettings(way)
  const merge = (there: string) => mergeDaemon(there, settings)
  const there = Object.keys(settings).length > 0
  return {
    files: [
      ...when(there, { name: 'daemon.json', text: jsonText(settings), merge }),
      ...way.caFiles(...way.hosts.map((host) => `certs.d/${host}/ca.crt`)),
    ],
    notes: [
      ...notes,
      there && 'After a change of daemon.json: systemctl reload docker, or kill -HUP.',
      'For registries other than Docker Hub, Docker 28 and later with the containerd image store read certs.d/<registry>/hosts.toml as nexus-docker render containerd writes them.',
    ],
  }
})
