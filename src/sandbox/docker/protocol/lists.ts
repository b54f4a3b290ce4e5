// Lists of tags and images, page by page (nexr's API notes, "Docker Registry v2 API").
import { baseUrlOf } from '../../kernel/server.ts'
import type { Reply } from '../../kernel/types.ts'
import { RegistryRefusal } from '../refusal.ts'
import { document, type Endpoint, type Exchange, param } from './exchange.ts'

/** The part of a sorted list that `n` and `last` ask for, and the link to the next one. */
function page({ request, place }: Exchange, list: readonly string[], path: string) {
  const last = request.query.get('last')
  const rest = last === null ? list : list.filter((entry) => entry > last)
  const n = request.query.get('n')
  const items = n !== null && /^[1-9]\d*$/.test(n) ? rest.slice(0, Number(n)) : rest
  const end = items.at(-1)
  if (items.length === rest.length || end === undefined) return { items, headers: {} }
  const query = `n=${n ?? ''}&last=${encodeURIComponent(end)}`
  const url = `${baseUrlOf(request, '')}${place.prefix}${path}?${query}`
  return { items, headers: { Link: `<${url}>; rel="next"` } }
}

export const listTags: Endpoint = async (exchange): Promise<Reply> => {
  const { call } = exchange
  const name = param(exchange, 'name')
  const tags = await call.handler.tags(call, name)
  if (!tags) throw new RegistryRefusal('NAME_UNKNOWN', { detail: { name } })
  const { items, headers } = page(exchange, tags, `/${name}/tags/list`)
  return document(200, { name, tags: items }, headers)
}

export const listImages: Endpoint = async (exchange): Promise<Reply> => {
  const { call } = exchange
  const { items, headers } = page(exchange, await call.handler.names(call), '/_catalog')
  return document(200, { repositories: items }, headers)
}
