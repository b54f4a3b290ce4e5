import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import type { Nexus } from '../nexus/client.ts'
import { callExtDirect } from '../nexus/extdirect.ts'

const page = z.looseObject({
  items: z.array(
    z.looseObject({ id: z.string(), name: z.string().nullish(), version: z.string().nullish() }),
  ),
  continuationToken: z.string().nullish(),
})
const statuses = z.array(z.looseObject({ repositoryName: z.string() }))
/** A component is looked for on so many pages: 3.26 and later list 10 or more on one. */
const MOST_PAGES = 20

/** What only the server's own API tells or does. */
export type ServerSide = ReturnType<typeof serverSideOf>

/**
 * What the API tells beside the registry. Nothing of it decides whether a check passes, so that what the user may not, or this version
 * does not have, is undefined.
 */
export function serverSideOf(nexus: Nexus) {
  const remove = async (repository: string, name: string, tag: string): Promise<boolean> => {
    const id = await findComponent(nexus, { repository, name, tag })
    if (id === undefined) return false
    await nexus.request({ method: 'DELETE', path: `/service/rest/v1/components/${encodeURIComponent(id)}` })
    return true
  }
  return {
    quotaStatus: (blobStore: string) =>
      orNothing(async () => {
        const path = `/service/rest/v1/blobstores/${encodeURIComponent(blobStore)}/quota-status`
        return JSON.stringify((await nexus.request({ method: 'GET', path })).body)
      }),
    repositoryStatus: (repository: string) =>
      orNothing(async () => {
        const what = 'read the status of the repositories'
        const data = await callExtDirect(nexus, 'coreui_Repository', 'readStatus', [{}], what)
        const own = statuses.parse(data).find(({ repositoryName }) => repositoryName === repository)
        return own && JSON.stringify(own)
      }),
    /** Whether the image is gone afterwards. */
    removeImage: async (repository: string, name: string, tag: string) =>
      (await orNothing(() => remove(repository, name, tag))) ?? false,
  }
}

/** The search knows it at once or soon; the list knows it for certain. */
async function findComponent(
  nexus: Nexus,
  { repository, name, tag }: { repository: string; name: string; tag: string },
): Promise<string | undefined> {
  const query = new URLSearchParams({ repository, name, version: tag })
  const found = await orNothing(async () => read(nexus, `/service/rest/v1/search?${query.toString()}`))
  const isIt = (item: { name?: string | null | undefined; version?: string | null | undefined }) =>
    item.name === name && item.version === tag
  const hit = found?.items.find(isIt)
  if (hit) return hit.id
  let token: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const list = new URLSearchParams({ repository, ...(token !== undefined && { continuationToken: token }) })
    const { items, continuationToken } = await read(nexus, `/service/rest/v1/components?${list.toString()}`)
    const item = items.find(isIt)
    if (item) return item.id
    if (continuationToken == null) return undefined
    token = continuationToken
  }
  return undefined
}

async function read(nexus: Nexus, path: string) {
  return page.parse((await nexus.request({ method: 'GET', path })).body)
}

async function orNothing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UserError || error instanceof z.ZodError) return undefined
    throw error
  }
}
