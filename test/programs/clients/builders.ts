// podman and buildah: no daemon, images of their own in the workshop. They are run as root without subordinate users.
import { join } from 'node:path'
import { buildContext } from '../image.ts'
import type { Outcome } from '../workshop.ts'
import { type Client, digestIn, forget, inTurn, type Session } from './client.ts'

interface Traits {
  name: 'podman' | 'buildah'
  build: string
  options: string[]
  digest: (reference: string) => string[]
  /** How it asks for tags, where it can. */
  tags?: string[]
}

const traits: Traits[] = [
  {
    name: 'podman',
    build: 'build',
    options: ['--cgroup-manager', 'cgroupfs', '--events-backend', 'file'],
    digest: (reference) => ['image', 'inspect', '--format', '{{.Digest}}', reference],
    tags: ['search', '--list-tags', '--format', '{{.Tag}}'],
  },
  {
    name: 'buildah',
    build: 'bud',
    options: [],
    digest: (reference) => ['inspect', '--type', 'image', '--format', '{{.FromImageDigest}}', reference],
  },
]

export const [podman, buildah] = traits.map(
  ({ name, build, options, digest, tags }): Client => ({
    name,
    // What `login`, `rmi` and the storage need is in the program itself; a runtime is looked for although nothing is run.
    programs: [name],
    start(workshop) {
      const folder = workshop.place(name)
      const storage = [
        '--root',
        join(folder, 'root'),
        '--runroot',
        join(folder, 'run'),
        '--storage-driver',
        'vfs',
      ]
      const file = join(folder, 'auth.json')
      void forget(file, '')
      const run = (argv: string[], input?: string): Promise<Outcome> =>
        workshop.run([name, ...storage, ...options, ...argv], input === undefined ? {} : { input })
      const insecure = ['--tls-verify=false', '--authfile', file]
      const always = name === 'buildah' ? ['--policy', 'always'] : []
      const without = (reference: string) => run(['rmi', '--force', reference])
      const buildFrom = (context: string, reference: string) =>
        run([build, '--isolation', 'chroot', '--pull', ...insecure, '--tag', reference, context])
      const push = (context: string, reference: string) =>
        inTurn(
          () => buildFrom(context, reference),
          () => run(['push', ...insecure, reference]),
        ).finally(() => without(reference))
      const session: Session = {
        signOut: (host) => forget(file, host),
        signIn: (host, who) =>
          run(['login', ...insecure, '-u', who.username, '--password-stdin', host], who.password),
        push: (image, reference) => push(image.context, reference),
        pushOver: (base, reference) =>
          push(buildContext(workshop, base), reference).finally(() => without(base)),
        async pull(reference) {
          const outcome = await run(['pull', ...always, ...insecure, reference])
          if (!outcome.ok) return outcome
          const found = digestIn((await run(digest(reference))).stdout)
          await without(reference)
          return found === undefined ? outcome : { ...outcome, digest: found }
        },
      }
      if (tags !== undefined) session.tags = (repository) => run([...tags, ...insecure, repository])
      return Promise.resolve(session)
    },
  }),
) as [Client, Client]
