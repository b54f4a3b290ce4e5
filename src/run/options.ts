import type { AnswerFlags } from '../init/flags.ts'
import type { AnnotationFlags } from './annotations.ts'

/** Options as commander hands them over. Names follow the flags. */
export interface FileOptions {
  file?: string[]
}

export interface OutputOptions {
  output: 'text' | 'json' | 'markdown' | 'ndjson'
}

/** Standard output is for a program: what a person has to see goes to standard error. */
export function isForProgram(output: OutputOptions['output'] | undefined): output is 'json' | 'ndjson' {
  return output === 'json' || output === 'ndjson'
}

export interface ConnectionFlags {
  url?: string
  username?: string
  passwordFile?: string
  passwordStdin?: boolean
  caCert?: string
  clientCert?: string
  clientKey?: string
  insecure?: boolean
  timeout: number
  /** Bytes. */
  maxAnswer?: number
  parallelism: number
  wait?: number
  verbose?: boolean
  debug?: boolean
}

export interface PlanFlags extends FileOptions, OutputOptions, ConnectionFlags, AnnotationFlags {
  sandbox?: boolean | string
  detailedExitcode?: boolean
  rotateSecrets?: boolean
  /** Of `apply`: prove the registries in the end. */
  verify?: boolean
}

export interface ApplyFlags extends PlanFlags {
  dryRun?: boolean
  yes?: boolean
}

/** What decides how a registry is proved. */
export interface ProbeFlags extends ConnectionFlags {
  readOnly?: boolean
  /** Names of repositories. */
  only?: string[]
  as?: string
  asPasswordFile?: string
  asPasswordStdin?: boolean
  /** Through the names of `edge:`; the address of the reverse proxy, where they do not lead there yet. */
  through?: boolean | string
  /** `repository=url` */
  endpoint?: string[]
  /** `repository=name:tag` */
  image?: string[]
  /** Bytes. */
  layerSize?: number
}

export interface VerifyFlags extends FileOptions, ProbeFlags, AnnotationFlags {
  output: 'text' | 'json' | 'markdown' | 'junit'
}

export interface InitFlags extends AnswerFlags {
  template?: string
  /** A file to go on from, or `none`. */
  from?: string
  yes?: boolean
  out: string
  force?: boolean
  offline?: boolean
  output: 'text' | 'json'
}
