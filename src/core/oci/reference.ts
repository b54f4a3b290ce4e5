// The grammar of digests, image names and tags: OCI distribution-spec 1.1 ("Pulling manifests"), image-spec descriptor.md.

/** A digest of the one algorithm that every registry has: `sha256:` and 64 hexadecimal digits in lower case. */
export function isDigest(text: string): boolean {
  return /^sha256:[\da-f]{64}$/.test(text)
}

/** An image's name within its repository: `library/alpine`, at most 255 characters. */
export function isImageName(text: string): boolean {
  const part = '[a-z\\d]+(?:(?:\\.|_|__|-+)[a-z\\d]+)*'
  return text.length <= 255 && new RegExp(`^${part}(?:/${part})*$`).test(text)
}

/** A tag: `latest`, at most 128 characters. */
export function isTag(text: string): boolean {
  return /^\w[\w.-]{0,127}$/.test(text)
}
