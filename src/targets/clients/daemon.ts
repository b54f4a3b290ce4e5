import { UserError } from '../../core/errors.ts'
import { type JsonObject, parseObject } from '../../core/json.ts'
import type { WayIn } from './client.ts'
import { groupNotes, shows } from './mirrors.ts'

/** Keys of Docker's `daemon.json`. */
export type DaemonSettings = Record<string, string[]>

/**
 * What a Docker engine has to be told: mirrors of Docker Hub, its proxies alone, else a group. The engine asks a mirror at `/v2/` of its
 * host, sends no login, and goes to Docker Hub where it is refused. A path in the address keeps one before 25 from starting (edge.md 3.1).
 */
export function daemonSettings(way: WayIn): { settings: DaemonSettings; notes: string[] } {
  const { edge, mirrored, plain, hosts } = way
  const hub = mirrored.find(({ domain }) => domain === 'docker.io')
  const proxies = hub?.proxies ?? []
  const atRoot = edge.registries.filter(({ named, prefix }) => named && prefix === '')
  const alone = atRoot.filter((one) => proxies.includes(one))
  const able = alone.length > 0 ? alone : atRoot.filter((one) => shows(one, proxies)).slice(0, 1)
  const open = able.filter(({ pullsNeedLogin }) => !pullsNeedLogin)
  const why = able[0]
    ? `sends no login to a mirror, and pulls from the ${able[0].type} "${able[0].repository}" need one: allow anonymous pulls`
    : `asks a mirror only at /v2/ of a host: give "${proxies[0]?.repository}" a name of its own (edge.hosts.repositories)`
  const none = `No registry-mirrors: the engine ${why}, or pull by the full name.`
  const settings = {
    ...(open.length > 0 && { 'registry-mirrors': open.map(({ scheme, host }) => `${scheme}://${host}`) }),
    ...(plain && { 'insecure-registries': [...hosts] }),
  }
  if (!hub) return { settings, notes: [] }
  return { settings, notes: open.length > 0 ? groupNotes([{ ...hub, named: open }]) : [none] }
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

/**
 * What is there, with what it lacks of our entries in front of its lists. Every other key stays as it is, and so does the whole text where
 * nothing is lacking. client-setup.sh merges by the same rule. Throws UserError for what is no such file, and for one that would not
 * stay as it is on its way through JavaScript.
 */
export function mergeDaemon(there: string, settings: DaemonSettings): string {
  if (there.includes('\uFFFD')) throw notMergeable('it is not UTF-8')
  const text = there.trim() || '{}'
  const found = parseObject(text)
  if (!found) throw notMergeable('it is no JSON object')
  const lists = Object.entries(settings).flatMap(([key, ours]) => {
    const theirs = found[key] ?? []
    if (!Array.isArray(theirs)) throw notMergeable(`${key} is no list`)
    const lacking = ours.filter((one) => !theirs.includes(one))
    return lacking.length === 0 ? [] : [[key, [...lacking, ...theirs]] as const]
  })
  if (lists.length === 0) return there
  if (!survives(text, found)) throw notMergeable(lost)
  return jsonText({ ...found, ...Object.fromEntries(lists) })
}

const lost =
  'it has what would not stay as it is: a number such as 1.0 or 12345678901234567890, a key twice, or very deep nesting'

function notMergeable(why: string): UserError {
  const hint = 'Mend it, add the entries by hand, or write to another folder.'
  return new UserError('not-mergeable', `cannot merge daemon.json: ${why}`, { exitCode: 3, hint })
}

/** Whether the text is what its value is written as, but for spaces and escapes. */
function survives(text: string, found: JsonObject): boolean {
  try {
    const parts = text.match(/"(?:[^"\\]+|\\.)*"|[^\s"]+/g) ?? []
    const written = parts.map((part) => (part.startsWith('"') ? JSON.stringify(JSON.parse(part)) : part))
    return written.join('') === JSON.stringify(found)
  } catch {
    return false
  }
}
