// usage: node compare.mjs EXPECTED.json ACTUAL.json [--scenarios a,b] [--explained FILE.json] [--show N] [--summary] [--full]
// Compares two recordings made by record.mjs, exchange by exchange: status, the headers that matter, and the body.
// Successful answers must be equal in full; of errors (status ≥ 400) the shape counts (JSON or text, which ids are complained about), and with --full the wording too.
// EXPLAINED is {"<exchange id or id prefix ending in *>": "reason"}; a reason for something that no longer differs is an error too.
// Last line: "N equal, M different, K explained". Exit 1 when something unexplained differs.
import { readFileSync } from 'node:fs'

const [expectedFile, actualFile, ...rest] = process.argv.slice(2)
const opt = (name) => {
  const i = rest.indexOf(`--${name}`)
  return i < 0 ? undefined : (rest[i + 1] ?? true)
}
const read = (f) => JSON.parse(readFileSync(f, 'utf8'))
const only = opt('scenarios')?.split(',')
const explained = opt('explained') ? read(opt('explained')) : {}
const show = Number(opt('show') ?? 40)
const expected = read(expectedFile),
  actual = new Map(read(actualFile).log.map((e) => [e.id, e]))

const HEADERS = [
  'content-type',
  'www-authenticate',
  'location',
  'allow',
  'validation-exception',
  'set-cookie',
]
const mediaType = (v) => (typeof v === 'string' ? v.split(';')[0].trim() : v)
// Sets come in any order from a real server (README.md): roles, privileges, policy names, exclusions, and lists of named objects.
const SETS = new Set([
  'privileges',
  'roles',
  'externalRoles',
  'policyNames',
  'nonProxyHosts',
  'readOnlyRoles',
])
const nameOf = (e) => e && typeof e === 'object' && (e.name ?? e.userId ?? e.id ?? e.tid ?? e.type)
function canonical(v, key = '') {
  if (Array.isArray(v)) {
    const items = v.map((e) => canonical(e))
    if (SETS.has(key) || (items.length > 1 && items.every((e) => nameOf(e) != null)))
      return items
        .map((e) => JSON.stringify(e))
        .sort()
        .map((e) => JSON.parse(e))
    return items
  }
  if (v && typeof v === 'object')
    return Object.fromEntries(
      Object.keys(v)
        .sort()
        .map((k) => [k, canonical(v[k], k)]),
    )
  return v
}
function shapeOf(body) {
  // error bodies: keys and ids stay, wording goes
  if (typeof body === 'string') return body === '' ? '' : '<text>'
  if (Array.isArray(body))
    return body
      .map(shapeOf)
      .map((e) => JSON.stringify(e))
      .sort()
      .map((e) => JSON.parse(e))
  if (body && typeof body === 'object')
    return Object.fromEntries(
      Object.entries(body).map(([k, v]) => [
        k,
        k === 'id' || typeof v !== 'string' ? (k === 'id' ? v : shapeOf(v)) : '<text>',
      ]),
    )
  return body
}
function essence(e) {
  if (!e) return { missing: true }
  if (e.observed !== undefined) return { observed: canonical(e.observed) }
  const r = e.response ?? {}
  if (r.error) return { error: true }
  const headers = Object.fromEntries(
    HEADERS.filter((h) => r.headers?.[h] != null).map((h) => [
      h,
      h === 'content-type' ? mediaType(r.headers[h]) : r.headers[h],
    ]),
  )
  const canonicalBody =
    r.body && typeof r.body === 'object' && r.body.html ? { html: true } : canonical(r.body)
  const body = r.status >= 400 && !opt('full') ? shapeOf(canonicalBody) : canonicalBody
  return { status: r.status, headers, body }
}
const reasonFor = (id) =>
  explained[id] ??
  Object.entries(explained).find(([k]) => k.endsWith('*') && id.startsWith(k.slice(0, -1)))?.[1]
const used = new Set()
let equal = 0,
  different = 0,
  excused = 0
const perScenario = {}
for (const e of expected.log) {
  if (only && !only.includes(e.scenario)) continue
  perScenario[e.scenario] ??= { equal: 0, different: 0, explained: 0 }
  const s = perScenario[e.scenario]
  const want = JSON.stringify(essence(e)),
    got = JSON.stringify(essence(actual.get(e.id)))
  if (want === got) {
    equal++
    s.equal++
    continue
  }
  const why = reasonFor(e.id)
  if (why) {
    excused++
    s.explained++
    for (const k of Object.keys(explained))
      if (k === e.id || (k.endsWith('*') && e.id.startsWith(k.slice(0, -1)))) used.add(k)
    continue
  }
  different++
  s.different++
  if (different <= show && !opt('summary'))
    console.log(
      `✗ ${e.id}  ${e.request?.method ?? ''} ${e.request?.path ?? ''}\n   want ${want.slice(0, 600)}\n   got  ${got.slice(0, 600)}`,
    )
}
for (const [name, s] of Object.entries(perScenario))
  console.log(
    `${name.padEnd(24)} ${String(s.equal).padStart(4)} equal ${String(s.different).padStart(4)} different ${String(s.explained).padStart(4)} explained`,
  )
const stale = Object.keys(explained).filter(
  (k) => !used.has(k) && (!only || only.some((s) => k.startsWith(s))),
)
for (const k of stale) console.log(`explained, but no longer different: ${k}`)
console.log(`${equal} equal, ${different} different, ${excused} explained`)
process.exit(different || stale.length ? 1 : 0)
