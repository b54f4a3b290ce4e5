import { stringify } from 'yaml'
import type { Edge } from '../../edge/edge.ts'
import type { Rendered, RenderedFile, RenderInput, Target } from '../contract.ts'
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
  /** A file that is wholly ours: the header, why its unusual lines stand there, and a text, or an object as YAML. */
  file: (name: string, content: string | object, ...why: string[]) => RenderedFile
  /** Whom to trust, under each of the names; none without a private CA. */
  caFiles: (...names: string[]) => RenderedFile[]
}

export function client(name: string, about: string, render: (way: WayIn) => Rendered): Target {
  const noCertificate =
    'The certificate of the private CA is missing: edge.tls.ca holds none, or cannot be read here.'
  return {
    name,
    group: 'client',
    about,
    render(input) {
      const way = wayIn(input, name)
      const { files, notes } = render(way)
      const { tls } = input.edge
      const lacks = 'ca' in tls && tls.ca !== undefined && way.ca === undefined
      return { files, notes: [...when(lacks, noCertificate), ...notes] }
    },
  }
}

const yamlStyle = { lineWidth: 0, aliasDuplicateObjects: false }
const certificate = /-----BEGIN CERTIFICATE-----[\sA-Za-z\d+/=]+-----END CERTIFICATE-----/g

function wayIn(input: RenderInput, target: string): WayIn {
  const { edge, caCertificates = '' } = input
  const plain = edge.tls.ends === 'plain'
  const ca = plain
    ? undefined
    : caCertificates
        .match(certificate)
        ?.map((one) => `${one.replaceAll('\r', '')}\n`)
        .join('')
  const file: WayIn['file'] = (name, content, ...why) => {
    const text = typeof content === 'string' ? content : stringify(content, yamlStyle)
    // What a kernel reads of a script stands before all else.
    const [, first = '', rest = ''] = /^(#![^\n]*\n)?(.*)$/s.exec(text) ?? []
    return {
      name,
      text: `${first}${header(input, target)}${why.map((line) => `# ${line}\n`).join('')}\n${rest.trimEnd()}\n`,
      ...(first !== '' && { executable: true }),
    }
  }
  return {
    edge,
    hosts: [...new Set(edge.registries.map(({ host }) => host))],
    plain,
    mirrored: mirroredIn(edge),
    ca,
    file,
    caFiles: (...names) => (ca === undefined ? [] : names.map((name) => file(name, ca))),
  }
}

export function when<T>(condition: unknown, ...items: T[]): T[] {
  return condition ? items : []
}
