import * as z from 'zod'
import { nonEmptyText, size } from '../resources/contract/schemas.ts'
import { type Routing, routings, type Tls } from './edge.ts'
import { parseOrigin } from './origin.ts'
import { imagePath } from './repository.ts'

/** `edge:` as the file writes it. */
export interface EdgeSection {
  hosts: {
    pull: string
    push?: string | undefined
    web?: string | undefined
    /** By repository. */
    repositories?: Record<string, string> | undefined
  }
  routing?: Routing | undefined
  /** Repositories behind the names, where the file leaves a choice. */
  pull?: string | undefined
  push?: string | undefined
  namespaces?: string[] | undefined
  upstream?: string | undefined
  tls?: TlsSection | undefined
  limits?: { upload?: number | undefined; timeout?: number | undefined } | undefined
}

export interface TlsSection {
  certificate?: string | undefined
  key?: string | undefined
  ca?: string | undefined
  acme?: { email?: string | undefined } | undefined
  endsFurtherOut?: true | undefined
}

/** What is wrong with a text that is to be a public name; undefined for one that is. */
export function hostProblem(text: string): { message: string; hint: string } | undefined {
  if (parseOrigin(text, { ends: 'plain' })) return undefined
  const bare = text.replace(/^(?:[a-z]+:\/\/)?(?:[^@/]*@)?(?:\*\.)?([^/@*]*).*$/i, '$1')
  const example = parseOrigin(bare, { ends: 'plain' }) ? bare : 'registry.example.com'
  const hint = `write a host, with its port if that is not the usual one: ${example}`
  return { message: 'this is not a host name', hint }
}

const host = z.string().superRefine((text, context) => {
  const { message, hint } = hostProblem(text) ?? {}
  if (message !== undefined) context.addIssue({ code: 'custom', message, params: { hint } })
})

/** Of a file, for a configuration in which a line ends what stands on it. */
const path = z.string().regex(/^[^\p{Cc}]+$/u, 'expected a path without line breaks')

const namespace = z.string().regex(imagePath, 'expected the beginning of image names, such as acme')

const hosts = z.strictObject({
  pull: host.describe(
    'Name that images are pulled from, with its port where that is not the usual one: registry.example.com.',
  ),
  push: host
    .describe(
      'Name that images are pushed to: always the hosted repository, or with routing: path every one.',
    )
    .optional(),
  web: host
    .describe(
      'Name of the web interface; it may be the same as another: what is no request to a registry goes there.',
    )
    .optional(),
  repositories: z
    .record(nonEmptyText, host)
    .describe('Names of their own for more repositories, by repository.')
    .optional(),
})

const tls = z.strictObject({
  certificate: path
    .describe('Path of the certificate, with its chain, on the machine of the reverse proxy.')
    .optional(),
  key: path.describe('Path of its private key there.').optional(),
  ca: path
    .describe('File with the certificate of the private CA, beside this file: clients are made to trust it.')
    .optional(),
  acme: z
    .strictObject({
      email: z
        .email('expected an address such as admin@example.com')
        .describe('Address for the certificate authority.')
        .optional(),
    })
    .describe("Certificates come from Let's Encrypt or another ACME server.")
    .optional(),
  endsFurtherOut: z
    .literal(true)
    .describe('A load balancer in front of the reverse proxy ends TLS; clients see https all the same.')
    .optional(),
})

export const edgeSection: z.ZodType<EdgeSection> = z.strictObject({
  hosts: hosts.describe('The names that clients use.'),
  routing: z
    .enum(routings)
    .describe(
      'How a request finds its repository; left out: path where the repositories allow it, else two-hosts.',
    )
    .optional(),
  pull: nonEmptyText
    .describe('Repository that pulls come from, where the file has more than one group.')
    .optional(),
  push: nonEmptyText
    .describe('Repository that pushes go to, where the file has more than one hosted repository.')
    .optional(),
  namespaces: z
    .array(namespace)
    .describe('First parts of the names of your own images: acme. With routing: namespace they are hosted.')
    .optional(),
  upstream: nonEmptyText
    .describe(
      'URL of Nexus as the reverse proxy reaches it, context path included: http://nexus:8081; left out: nexus.url.',
    )
    .optional(),
  tls: tls.describe('Where TLS ends, and whom clients trust; left out: no TLS.').optional(),
  limits: z
    .strictObject({
      upload: size
        .describe('Largest layer that the reverse proxy lets through; left out: no limit.')
        .optional(),
      timeout: z
        .int()
        .min(1)
        .max(86_400)
        .describe('Seconds that a request may rest; left out: 900.')
        .optional(),
    })
    .describe('Limits of the reverse proxy.')
    .optional(),
})

/** Where TLS ends, and whom clients have to trust. */
export function tlsOf({ tls }: EdgeSection): Tls {
  if (tls === undefined) return { ends: 'plain' }
  const { certificate = '', key = '', ca, acme, endsFurtherOut } = tls
  const trusted = ca === undefined ? {} : { ca }
  if (endsFurtherOut) return { ends: 'further-out', ...trusted }
  if (acme) return { ends: 'here', acme: acme.email === undefined ? {} : { email: acme.email } }
  return { ends: 'here', certificate, key, ...trusted }
}

/** What reverse proxies and other tools call these, folded. */
export const otherEdgeNames: Readonly<Record<string, readonly string[]>> = {
  host: ['hosts.pull'],
  hostname: ['hosts.pull'],
  domain: ['hosts.pull'],
  servername: ['hosts.pull'],
  backend: ['upstream'],
  ssl: ['tls'],
  cert: ['tls.certificate'],
  sslcertificate: ['tls.certificate'],
  letsencrypt: ['tls.acme'],
  clientmaxbodysize: ['limits.upload'],
}
