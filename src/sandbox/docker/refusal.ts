// What a registry request is refused with: the codes of the distribution specification, with the texts that Nexus sends (docker-evidence
// rows 30, 40 to 45; those without a row are distribution's own, a guess).

const texts = {
  BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  BLOB_UPLOAD_INVALID: [400, 'blob upload invalid'],
  BLOB_UPLOAD_UNKNOWN: [404, 'blob upload unknown to registry'],
  DENIED: [403, 'requested access to the resource is denied'],
  DIGEST_INVALID: [400, 'provided digest did not match uploaded content'],
  MANIFEST_BLOB_UNKNOWN: [400, 'blob unknown to registry'],
  MANIFEST_INVALID: [400, 'manifest invalid'],
  MANIFEST_UNKNOWN: [404, 'manifest unknown'],
  NAME_INVALID: [400, 'invalid repository name'],
  NAME_UNKNOWN: [404, 'repository name not known to registry'],
  SIZE_INVALID: [400, 'provided length did not match content length'],
  TAG_INVALID: [400, 'manifest tag did not match URI'],
  UNAUTHORIZED: [401, 'access to the requested resource is not authorized'],
  UNKNOWN: [500, 'unknown error'],
  UNSUPPORTED: [405, 'The operation is unsupported.'],
} as const

export type RefusalCode = keyof typeof texts

/** Ends a registry request with an error document. */
export class RegistryRefusal extends Error {
  readonly code: RefusalCode
  readonly status: number
  readonly details: readonly unknown[]
  readonly headers: Readonly<Record<string, string>>

  /** `status` and `message` are the usual ones of the code when they are left out; `detail` is null then. `each`: an error for each detail. */
  constructor(
    code: RefusalCode,
    more: {
      detail?: unknown
      each?: readonly unknown[]
      status?: number
      message?: string
      headers?: Readonly<Record<string, string>>
    } = {},
  ) {
    const [status, message] = texts[code]
    super(more.message ?? message)
    this.code = code
    this.status = more.status ?? status
    this.details = more.each ?? [more.detail ?? null]
    this.headers = more.headers ?? {}
  }

  /** The error document. */
  get body(): { errors: { code: string; message: string; detail: unknown }[] } {
    return { errors: this.details.map((detail) => ({ code: this.code, message: this.message, detail })) }
  }
}
