import type { Edge } from '../edge/edge.ts'

/** What a target is rendered for. */
export interface RenderInput {
  edge: Edge
  /** Certificates of the private CA in PEM, where the file names one that can be read. */
  caCertificates?: string
  /** Names of the files that the edge comes from, for the header: `repos.yml`. */
  from: readonly string[]
  /** `nexus.version` of the file, for those targets that start Nexus itself: `3.90.0`. */
  nexusVersion?: string
}

export interface RenderedFile {
  /** Path below the folder that is rendered to, with `/`: `nginx.conf`, `docker.io/hosts.toml`. */
  name: string
  text: string
  executable?: true
  /**
   * For files that belong to somebody else, too (`daemon.json`): what is there with ours laid over it. Throws UserError for a text that it
   * cannot read. Every other file is wholly ours and has the header.
   */
  merge?: (there: string) => string
}

export interface Rendered {
  files: readonly RenderedFile[]
  /** What the reader has to do or to know, one sentence each. */
  notes: readonly string[]
}

/** What a configuration is rendered for. Pure: the same input gives the same bytes. */
export interface Target {
  /** As in `nexus-docker render nginx`. */
  name: string
  /** `front`: what is in front of Nexus. `client`: what pulls and pushes. `stack`: Nexus itself with its front. */
  group: 'front' | 'client' | 'stack'
  /** One line for `--help`. */
  about: string
  /** Its Nexus is a service of the same file, reached by this URL in place of `edge.upstream`. */
  upstream?: string
  /** Throws UserError with exit code 3 for an edge that the target cannot express. */
  render(input: RenderInput): Rendered
}
