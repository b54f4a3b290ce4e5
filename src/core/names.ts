// What may be a name: of an environment variable, and of what Nexus has (nexus-api section 6).

export function isVariableName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text)
}

/** Whether it may be the name of a repository, a blob store or a policy. */
export function isName(text: string): boolean {
  return /^[a-zA-Z0-9-][a-zA-Z0-9_\-.]*$/.test(text)
}

/** Whether it may be a host that is reached without the HTTP proxy. */
export function isExclusion(text: string): boolean {
  return /^\*?[\p{Alphabetic}\d\-_.:[\]]+\*?$/u.test(text)
}

/**
 * What an exclusion that Nexus takes, and never finds a host for, was meant to be; undefined for one that can match. Nexus holds it against
 * the name of the host alone, as a whole (nexus-api section 4, recorded): no port is ever in it, and no name begins with a dot. Other
 * programs read both in NO_PROXY. Names with other letters than ASCII's are asked for in their ASCII form.
 */
export function neverMatches(exclusion: string): { why: string; meant: string } | undefined {
  const bare = exclusion.replace(/^(\*?[^:[\]]*|\*?\[[^\]]*\]):[^:]*$/, '$1')
  const meant = asciiForm(bare.startsWith('.') ? `*${bare}` : bare)
  if (bare !== exclusion) return { why: 'that contains no port', meant }
  if (bare.startsWith('.')) return { why: 'none starts with a dot', meant }
  return meant === bare ? undefined : { why: 'that is written in ASCII', meant }
}

function asciiForm(exclusion: string): string {
  if (/^[ -~]*$/.test(exclusion)) return exclusion
  const [, begin = '', name = '', end = ''] = /^(\*?\.?)(.*?)(\.?\*?)$/.exec(exclusion) ?? []
  const url = `http://${name}`
  return URL.canParse(url) ? `${begin}${new URL(url).hostname}${end}` : exclusion
}
