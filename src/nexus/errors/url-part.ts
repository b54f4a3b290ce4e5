/** What belongs to Nexus itself: the REST API and other services, the content of repositories, the registry API. */
const OWN_PART = /^(.*?)(\/(?:service|repository|v2)(?:\/.*)?)$/

/** A part of a URL that is too much, and what is left without it. */
export interface UrlPart {
  part: string
  without: string
}

/** The end of a base URL that a page or an image name of Nexus has, and the address of a server has not: `/service/rest`, `/repository/hub`. */
export function partTooMuch(base: string): UrlPart | undefined {
  const { origin, pathname } = new URL(base)
  const [, before = '', part] = OWN_PART.exec(pathname) ?? []
  return part === undefined ? undefined : { part, without: origin + before }
}

/** The whole path of a base URL; undefined where it has none. */
export function pathOf(base: string): UrlPart | undefined {
  const { origin, pathname } = new URL(base)
  return pathname === '/' ? undefined : { part: pathname, without: origin }
}
