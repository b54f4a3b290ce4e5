/** Options as commander hands them over. Names follow the flags. */
export interface FileOptions {
  file?: string[]
}

export interface OutputOptions {
  output: 'text' | 'json' | 'markdown'
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
  parallelism: number
  wait?: number
  verbose?: boolean
  debug?: boolean
}

export interface SandboxFlag {
  sandbox?: boolean | string
}

export interface PlanFlags extends FileOptions, OutputOptions, ConnectionFlags, SandboxFlag {
  detailedExitcode?: boolean
  rotateSecrets?: boolean
  annotations?: 'github'
}

export interface ApplyFlags extends PlanFlags {
  dryRun?: boolean
  yes?: boolean
}
