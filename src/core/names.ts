// What Nexus takes as a text of its own (nexus-api section 6).

/** Whether it may be the name of a repository, a blob store or a policy. */
export function isName(text: string): boolean {
  return /^[a-zA-Z0-9-][a-zA-Z0-9_\-.]*$/.test(text)
}

/** Whether it may be a host that is reached without the HTTP proxy. */
export function isExclusion(text: string): boolean {
  return /^\*?[\p{Alphabetic}\d\-_.:[\]]+\*?$/u.test(text)
}
