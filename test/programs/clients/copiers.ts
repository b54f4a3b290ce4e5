// Clients that copy images and need neither a daemon nor a user of their own: skopeo, crane, regctl, oras.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { makeImage } from '../image.ts'
import { textOf, type Workshop } from '../workshop.ts'
import { type Client, digestIn, forget, inTurn, type Pulled, type Session } from './client.ts'

/** Pulls into a new OCI layout; its index has the digest. */
async function pulledInto(
  workshop: Workshop,
  copy: (layout: string) => ReturnType<Workshop['run']>,
): Promise<Pulled> {
  const layout = join(workshop.place('pull'), 'oci')
  const outcome = await copy(layout)
  const digest = digestIn(textOf(join(layout, 'index.json')))
  return digest === undefined ? outcome : { ...outcome, digest }
}

/** The tar file of a layer that nobody has seen before. */
function newLayer(workshop: Workshop): string {
  const path = join(workshop.place('layer'), 'layer.tar')
  for (const { bytes } of makeImage().layers) writeFileSync(path, gunzipSync(bytes))
  return path
}

export const skopeo: Client = {
  name: 'skopeo',
  programs: ['skopeo'],
  start(workshop) {
    const file = join(workshop.place('skopeo'), 'auth.json')
    const auth = ['--authfile', file]
    void forget(file, '')
    const session: Session = {
      signOut: (host) => forget(file, host),
      signIn(host, who) {
        const login = [
          'skopeo',
          'login',
          '--tls-verify=false',
          ...auth,
          '-u',
          who.username,
          '--password-stdin',
        ]
        return workshop.run([...login, host], { input: who.password })
      },
      push: (image, reference) =>
        workshop.run([
          ...['skopeo', 'copy', '--dest-tls-verify=false', ...auth],
          ...[`oci:${image.layout}:app`, `docker://${reference}`],
        ]),
      pull: (reference) =>
        pulledInto(workshop, (layout) =>
          workshop.run([
            ...['skopeo', 'copy', '--src-tls-verify=false', ...auth],
            ...[`docker://${reference}`, `oci:${layout}:app`],
          ]),
        ),
      tags: (repository) =>
        workshop.run(['skopeo', 'list-tags', '--tls-verify=false', ...auth, `docker://${repository}`]),
      remove: (reference) =>
        workshop.run(['skopeo', 'delete', '--tls-verify=false', ...auth, `docker://${reference}`]),
    }
    return Promise.resolve(session)
  },
}

export const crane: Client = {
  name: 'crane',
  programs: ['crane'],
  start(workshop) {
    const folder = workshop.place('crane')
    const env = { DOCKER_CONFIG: folder }
    const run = (...argv: string[]) => workshop.run(['crane', ...argv], { env })
    const session: Session = {
      signOut: (host) => forget(join(folder, 'config.json'), host),
      signIn(host, who) {
        const login = ['crane', 'auth', 'login', host, '-u', who.username, '--password-stdin']
        return workshop.run(login, { env, input: who.password })
      },
      push: (image, reference) => run('push', image.layout, reference),
      pull: (reference) =>
        pulledInto(workshop, (layout) => run('pull', '--format', 'oci', reference, layout)),
      pushOver: (base, reference) => run('append', '-b', base, '-f', newLayer(workshop), '-t', reference),
      tags: (repository) => run('ls', repository),
      remove: (reference) => run('delete', reference),
    }
    return Promise.resolve(session)
  },
}

export const regctl: Client = {
  name: 'regctl',
  programs: ['regctl'],
  start(workshop) {
    const env = { REGCTL_CONFIG: join(workshop.place('regctl'), 'config.json') }
    const run = (...argv: string[]) => workshop.run(['regctl', ...argv], { env })
    const session: Session = {
      async signOut(host) {
        await run('registry', 'logout', host)
        await run('registry', 'set', '--tls', 'disabled', '--skip-check', host)
      },
      signIn(host, who) {
        const login = ['regctl', 'registry', 'login', '-u', who.username, '--pass-stdin', host]
        return inTurn(
          () => run('registry', 'set', '--tls', 'disabled', '--skip-check', host),
          () => workshop.run(login, { env, input: who.password }),
        )
      },
      push: (image, reference) => run('image', 'copy', `ocidir://${image.layout}:app`, reference),
      pull: (reference) =>
        pulledInto(workshop, (layout) => run('image', 'copy', reference, `ocidir://${layout}:app`)),
      pushOver: (base, reference) =>
        run('image', 'mod', base, '--create', reference, '--layer-add', `tar=${newLayer(workshop)}`),
      tags: (repository) => run('tag', 'ls', repository),
      remove: (reference) => run('manifest', 'delete', reference),
    }
    return Promise.resolve(session)
  },
}

export const oras: Client = {
  name: 'oras',
  programs: ['oras'],
  start(workshop) {
    const file = join(workshop.place('oras'), 'config.json')
    void forget(file, '')
    const plain = ['--plain-http', '--registry-config', file]
    const run = (...argv: string[]) => workshop.run(['oras', ...argv])
    const session: Session = {
      signOut: (host) => forget(file, host),
      signIn(host, who) {
        const login = ['oras', 'login', ...plain, '-u', who.username, '--password-stdin', host]
        return workshop.run(login, { input: who.password })
      },
      push: (image, reference) =>
        run(
          ...['cp', '--to-plain-http', '--to-registry-config', file],
          ...['--from-oci-layout', `${image.layout}:app`, reference],
        ),
      pull: (reference) =>
        pulledInto(workshop, (layout) =>
          run(
            ...['cp', '--from-plain-http', '--from-registry-config', file],
            ...['--to-oci-layout', reference, `${layout}:app`],
          ),
        ),
      tags: (repository) => run('repo', 'tags', ...plain, repository),
      remove: (reference) => run('manifest', 'delete', '--force', ...plain, reference),
    }
    return Promise.resolve(session)
  },
}
