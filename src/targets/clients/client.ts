import { stringify } from 'yaml'
import type { Edge } from '../../edge/edge.ts'
import type { RenderedFile, RenderInput, Target } from '../contract.ts'
import { header } from '../header.ts'
import { type Mirrored, mirroredIn } from './mirrors.ts'

/** What the clients' targets are made from. */
export interface WayIn {
  edge: Edge
  /** Every host of ours once. */
  hosts: readonly string[]
  /** Without TLS. */
  plain: boolean
  mirrored: readonly Mirrored[]
  /** The certificates of the private CA and nothing else of what its file has; undefined without TLS, and where there are none. */
  ca: string | undefined
  /** A file that is wholly ours: the header, why unusual lines stand there, and a text (a script by its name), or an object as YAML. */
  file: (name: string, content: string | object, ...why: string[]) => RenderedFile
  /** Whom to trust, under each of the names; none without a private CA. */
  caFiles: (...names: string[]) => RenderedFile[]
}

interface ForClient {
  files: readonly RenderedFile[]
  /** Only those that are texts. */
  notes: readonly (string | false | undefined)[]
}

const noCertificate =
  'No file has the certificate of the private CA: edge.tls.ca has none, or cannot be read here.'

export function client(name: string, about: string, render: (way: WayIn) => ForClient): Target {
  const rendered = (input: RenderInput) => {
    const way = wayIn(input, name)
    const { files, notes } = render(way)
    const { tls } = input.edge
    const all = [way.ca === undefined && 'ca' in tls && tls.ca !== undefined && noCertificate, ...notes]
    return { files, notes: [...new Set(all.filter((note) => typeof note === 'string'))] }
  }
  return { name, group: 'client', about, render: rendered }
}

const yamlStyle = { lineWidth: 0, aliasDuplicateObjects: false }
const certificate = /-----BEGIN CERTIFICATE-----[\sA-Za-z\d+/=]+-----END CERTIFICATE-----/g

function wayIn(input: RenderInput, target: string): WayIn {
  const { edge, caCertificates = '' } = input
  const plain = edge.tls.ends === 'plain'
  const found = plain ? null : caCertificates.match(certificate)
  const ca = found?.map((one) => `${one.replaceAll('\r', '')}\n`).join('')
  const file: WayIn['file'] = (name, content, ...why) => {
    const text = typeof content === 'string' ? content : stringify(content, yamlStyle)
    const head = `${header(input, target)}${why.map((line) => `# ${line}\n`).join('')}\n`
    if (!name.endsWith('.sh')) return { name, text: `${head}${text.trimEnd()}\n` }
    return { name, text: `#!/bin/sh\n${head}${text}`, executable: true }
  }
  const caFiles = (...names: string[]) => (ca === undefined ? [] : names.map((name) => file(name, ca)))
  const hosts = [...new Set(edge.registries.map(({ host }) => host))]
  return { edge, hosts, plain, mirrored: mirroredIn(edge), ca, file, caFiles }
}

export function when<T>(condition: unknown, ...items: T[]): T[] {
  return condition ? items : []
}
