import { parseObject } from '../core/json.ts'
import { RegistryError } from './errors.ts'
import type { Access } from './options.ts'
import { placeOf } from './redirects.ts'
import type { Exchanged, Wire, WireRequest } from './wire.ts'

/** No list of any use is longer: with a thousand on each, a million tags. */
const MOST_PAGES = 1000

/**
 * The pages of a list, along `Link: <…>; rel="next"` (RFC 8288) within the registry. Throws RegistryError `endless-list` for a circle and
 * for more than 1000 pages.
 */
export async function* pagesOf(
  wire: Wire,
  request: Pick<WireRequest, 'to' | 'headers' | 'what'>,
  access: Access,
  isExpected?: (status: number) => boolean,
): AsyncGenerator<Exchanged> {
  const seen = new Set<string>()
  let to: string | URL = request.to
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const exchanged = await wire.expect({ ...request, method: 'GET', to }, access, isExpected)
    yield exchanged
    seen.add(exchanged.url.href)
    const next = nextOf(exchanged)
    if (!next) return
    if (seen.has(next.href)) break
    to = next
  }
  throw new RegistryError('endless-list', `cannot ${request.what}: the registry's list has no end`, {
    exitCode: 1,
  })
}

function nextOf({ answer, url }: Exchanged): URL | undefined {
  const link = /<([^<>]{1,4000})>\s*;[^,<]{0,200}?\brel\s*=\s*"?next\b/i.exec(
    (answer.headers['link'] ?? '').slice(0, 8000),
  )?.[1]
  const { search } = (link === undefined ? undefined : placeOf(link, url)) ?? {}
  if (search === undefined) return undefined
  // A reverse proxy that is not told its name or path has links made to another place: the list itself is meant.
  const next = new URL(url)
  next.search = search
  return next
}

/** The list that the text of a page holds in this field; empty where it is null. Throws RegistryError `invalid-answer` where there is none. */
export function listIn(text: string, field: string, what: string): unknown[] {
  const list = parseObject(text)?.[field]
  if (list === null) return []
  if (Array.isArray(list)) return list
  throw new RegistryError(
    'invalid-answer',
    `cannot ${what}: the answer of the registry is no list of ${field}`,
    { exitCode: 1 },
  )
}
