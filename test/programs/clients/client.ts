import { writeFileSync } from 'node:fs'
import type { ImageSource } from '../image.ts'
import { type Outcome, textOf, type Workshop } from '../workshop.ts'

export interface Access {
  username: string
  password: string
}

/** What a client says of an image that it pulled. */
export interface Pulled extends Outcome {
  /** The manifest's digest by the client's own account; undefined where it does not tell. */
  digest?: string
}

/** A client that is ready. References are `HOST:PORT/NAME:TAG`, all by http. What a client cannot do it has no method for. */
export interface Session {
  /** Signs in as a user of the client does; undefined where it has no command for that and is told with each request. */
  signIn(host: string, who: Access): Promise<Outcome | undefined>
  signOut(host: string): Promise<void>
  /** Begins without the image: what it pulled before is gone. */
  pull(reference: string): Promise<Pulled>
  push?(image: ImageSource, reference: string): Promise<Outcome>
  /** Builds one new file on top of `base` and pushes that; clients that cannot build are given a ready image (`push`). */
  pushOver?(base: string, reference: string): Promise<Outcome>
  /** Standard output has the tags. */
  tags?(repository: string): Promise<Outcome>
  /** Deletes the manifest `HOST:PORT/NAME@DIGEST`. */
  remove?(reference: string): Promise<Outcome>
}

export interface Client {
  name: string
  /** Programs that it needs, the client's own first. */
  programs: readonly string[]
  start(workshop: Workshop): Promise<Session>
}

/** The first of several steps that fails, else the last one. */
export async function inTurn(...steps: (() => Promise<Outcome>)[]): Promise<Outcome> {
  let last: Outcome | undefined
  for (const step of steps) {
    last = await step()
    if (!last.ok) return last
  }
  if (last === undefined) throw new Error('no steps')
  return last
}

/** Takes a registry's credentials out of a file in the form of Docker's config.json. */
export function forget(file: string, host: string): Promise<void> {
  const config = JSON.parse(textOf(file) || '{}') as { auths?: Record<string, unknown> }
  delete config.auths?.[host]
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
  return Promise.resolve()
}

export const digestIn = (text: string): string | undefined => /sha256:[0-9a-f]{64}/.exec(text)?.[0]
