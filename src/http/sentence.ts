import type { HttpRequest } from './message.ts'

type Named = Pick<HttpRequest, 'method' | 'path' | 'what'>

/** What an error sentence is about. */
export interface Situation {
  request: Named
  /** The base URL, without credentials. */
  base: string
  service: Service
}

/** What is expected to answer, for hints. */
export interface Service {
  /** `Nexus` */
  readonly name: string
  /** Where it usually listens. */
  readonly port: number
  /** Its URL where it lives under a path. */
  readonly example: string
}

/** `create repository "apps"`, or the request itself where it has no name. */
export function nameOf({ method, path, what = `${method} ${path}` }: Named): string {
  return what
}

/** `cannot create repository "apps": …` */
export function sentence({ method, path, what }: Named, reason: string): string {
  return what === undefined ? `${method} ${path} failed: ${reason}` : `cannot ${what}: ${reason}`
}

/** What to do where the URL leads elsewhere. */
export function elsewhereHint({ base, service }: Pick<Situation, 'base' | 'service'>): string {
  return `Check ${base}: host, port, and the path, if ${service.name} has one (${service.example}).`
}

/** A server's word as a part of our sentence: headers may be as long as a page. */
export function brief(text: string, longest = 200): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
