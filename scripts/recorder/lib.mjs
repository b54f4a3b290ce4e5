// Records HTTP exchanges with a running server as data. No dependencies (Node >= 20).
import http from 'node:http'

const RESPONSE_HEADERS = [
  'server',
  'content-type',
  'www-authenticate',
  'location',
  'allow',
  'x-siesta-faultid',
  'validation-exception',
  'x-content-type-options',
  'content-disposition',
  'etag',
]

export class Recorder {
  constructor({ base, masks = [] }) {
    this.base = new URL(base)
    this.masks = masks // [[string|RegExp, replacement], ...] applied before the built-in ones
    this.exchanges = []
    this.ids = new Set()
    this.passwords = { admin: null }
    this.timings = {}
  }

  raw({ method, path, headers = {}, body, agent }) {
    return new Promise((resolve, reject) => {
      const req = http.request(
        {
          host: this.base.hostname,
          port: this.base.port,
          method,
          path,
          headers,
          agent: agent ?? false,
          timeout: 60000,
        },
        (res) => {
          const chunks = []
          res.on('data', (c) => chunks.push(c))
          res.on('end', () =>
            resolve({
              status: res.statusCode,
              headers: res.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          )
          res.on('error', reject)
        },
      )
      req.on('timeout', () => req.destroy(new Error('timeout')))
      req.on('error', reject)
      if (body !== undefined) req.write(body)
      req.end()
    })
  }

  authHeader(auth) {
    if (auth === 'none') return undefined
    if (auth === 'bad') return basic('admin', 'wrong-password')
    if (auth === 'unknown-user') return basic('nobody', 'nothing')
    const m = /^(?:user:)?([^:]+)(?::(.*))?$/.exec(auth)
    const user = m[1]
    const password = m[2] ?? this.passwords[user]
    if (password == null) throw new Error(`no password known for ${auth}`)
    return basic(user, password)
  }

  // opts: auth, body (object → JSON, string → as is), accept (null = no header), type (null = none), headers, pick, note, mask
  async send(scenario, label, method, path, opts = {}) {
    const id = `${scenario}/${label}`
    if (this.ids.has(id)) throw new Error(`duplicate id ${id}`)
    this.ids.add(id)
    const auth = opts.auth ?? 'admin'
    const accept = opts.accept === undefined ? 'application/json' : opts.accept
    const sent = {}
    if (accept !== null) sent.accept = accept
    let payload
    if (opts.body !== undefined) {
      payload = typeof opts.body === 'string' ? opts.body : JSON.stringify(opts.body)
      const type = opts.type === undefined ? 'application/json' : opts.type
      if (type !== null) sent['content-type'] = type
    } else if (opts.type) sent['content-type'] = opts.type
    Object.assign(sent, opts.headers ?? {})
    const wire = { ...sent }
    const a = this.authHeader(auth)
    if (a && !('authorization' in wire)) wire.authorization = a
    if (payload !== undefined) wire['content-length'] = Buffer.byteLength(payload)
    else if (method !== 'GET' && method !== 'HEAD') wire['content-length'] = 0
    const started = performance.now()
    let res
    try {
      res = await this.raw({ method, path, headers: wire, body: payload })
    } catch (e) {
      res = { status: 0, headers: {}, text: '', error: e.code ?? e.message }
    }
    const ms = performance.now() - started
    if (opts.timing) {
      this.timings[opts.timing] ??= []
      this.timings[opts.timing].push(Math.round(ms))
    }
    const exchange = {
      id,
      scenario,
      request: {
        method,
        path: this.maskText(path),
        ...describeAuth(auth),
        headers: this.maskHeaders(sent, opts),
        ...(opts.body !== undefined ? { body: this.maskValue(opts.body) } : {}),
      },
      response: this.describe(res, opts),
    }
    if (opts.note) exchange.note = opts.note
    if (opts.unordered) exchange.unordered = true
    this.exchanges.push(exchange)
    let json
    try {
      json = JSON.parse(res.text)
    } catch {
      /* not JSON */
    }
    return { ...res, json, exchange, ms }
  }

  describe(res, opts = {}) {
    if (res.error) return { error: res.error }
    const headers = {}
    for (const h of RESPONSE_HEADERS) {
      if (res.headers[h] !== undefined)
        headers[h] = h === 'x-siesta-faultid' ? '<id>' : this.maskText(res.headers[h])
    }
    for (const [h, v] of Object.entries(this.common ?? {})) {
      if (headers[h] === v) delete headers[h]
      else if (headers[h] === undefined) headers[h] = null
    }
    const cookies = (res.headers['set-cookie'] ?? []).map((c) => c.split('=')[0]).sort()
    if (cookies.length) headers['set-cookie'] = cookies
    let body
    let picked
    if (res.text === '') body = ''
    else {
      const isJson = /json/.test(res.headers['content-type'] ?? '')
      if (isJson) {
        try {
          body = JSON.parse(res.text)
        } catch {
          body = res.text
        }
      } else body = res.text
      if (opts.pick && typeof body === 'object') {
        body = opts.pick.fn(body)
        picked = opts.pick.note
      }
      if (typeof body === 'string' && /<html/i.test(body)) {
        picked = 'HTML page reduced to its title and the start of its visible text'
        body = {
          html: {
            title: /<title>([^<]*)<\/title>/i.exec(body)?.[1] ?? null,
            text: body
              .replace(/<(script|style|head)[\s\S]*?<\/\1>/gi, ' ')
              .replace(/<[^>]+>/g, ' ')
              .replace(/\s+/g, ' ')
              .trim()
              .slice(0, 300),
          },
        }
      }
      if (
        Array.isArray(body) &&
        body.length > 1 &&
        body.every(
          (e) => e && typeof e === 'object' && 'id' in e && 'message' in e && Object.keys(e).length === 2,
        )
      ) {
        body.sort((a, b) => `${a.id} ${a.message}`.localeCompare(`${b.id} ${b.message}`))
        picked = 'validation list, sorted here; the server sends it in an order that varies from call to call'
      }
    }
    body = this.maskValue(body)
    return {
      status: res.status,
      ...(Object.keys(headers).length ? { headers } : {}),
      body,
      ...(picked ? { bodyNote: picked } : {}),
    }
  }

  maskHeaders(h) {
    const out = {}
    for (const [k, v] of Object.entries(h))
      out[k] =
        k === 'cookie'
          ? v.replace(/=([^;]{12,})/g, '=<secret>')
          : k === 'authorization'
            ? v
            : this.maskText(String(v)).replace(/^[0-9.]+-?[0-9a-f-]{30,}$/i, '<secret>')
    return out
  }

  maskText(s) {
    for (const [from, to] of this.masks) s = s.replaceAll(from, to)
    return s
      .replaceAll(`${this.base.protocol}//${this.base.host}`, '<base>')
      .replaceAll(this.base.host, '<host>')
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>')
      .replace(/\b[0-9A-F]{8}-[0-9A-F]{8}-[0-9A-F]{8}-[0-9A-F]{8}-[0-9A-F]{8}\b/gi, '<node-id>')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d/g, '<time>')
      .replace(/has [0-9.]+ [KMGTP]?B space remaining/g, 'has <size> space remaining')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>')
      .replace(/@(?=[0-9a-f]*[0-9])[0-9a-f]{6,8}\b/g, '@<hash>')
      .replace(/\(ID <uuid>\)/g, '(ID <id>)')
  }

  maskValue(v, key = '') {
    if (typeof v === 'string') return this.maskText(v)
    if (
      typeof v === 'number' &&
      /^(availableSpaceInBytes|totalSizeInBytes|availableSpace|totalSize|timestamp|duration|time|blobCount|uptime)$/.test(
        key,
      )
    )
      return '<number>'
    if (Array.isArray(v)) return v.map((x) => this.maskValue(x, key))
    if (v && typeof v === 'object')
      return Object.fromEntries(Object.entries(v).map(([k, x]) => [this.maskText(k), this.maskValue(x, k)]))
    return v
  }

  observe(scenario, label, data, note) {
    const id = `${scenario}/${label}`
    if (this.ids.has(id)) throw new Error(`duplicate id ${id}`)
    this.ids.add(id)
    this.exchanges.push({ id, scenario, observed: this.maskValue(data), ...(note ? { note } : {}) })
  }

  session(scenario) {
    const call = (method) => (label, path, opts) => this.send(scenario, label, method, path, opts)
    return {
      get: call('GET'),
      post: call('POST'),
      put: call('PUT'),
      del: call('DELETE'),
      head: call('HEAD'),
      send: (label, method, path, opts) => this.send(scenario, label, method, path, opts),
      observe: (label, data, note) => this.observe(scenario, label, data, note),
      rec: this,
      scenario,
    }
  }
}

function describeAuth(auth) {
  if (['none', 'bad', 'unknown-user', 'admin'].includes(auth)) return { auth }
  const m = /^(?:user:)?([^:]+)(?::(.*))?$/.exec(auth)
  return {
    auth: m[1] === 'admin' ? 'admin' : `user:${m[1]}`,
    ...(m[2] !== undefined ? { password: m[2] } : {}),
  }
}

export const basic = (u, p) => `Basic ${Buffer.from(`${u}:${p}`, 'utf8').toString('base64')}`
export const sleep = (ms) => new Promise((r) => setTimeout(r, ms))
export const only = (names, key = 'name') => ({
  note: `only the entries with ${key} in ${JSON.stringify(names)}, server order kept`,
  fn: (b) => (Array.isArray(b) ? b.filter((e) => names.includes(e?.[key])) : b),
})
export const namesOnly = (key = 'name') => ({
  note: `list reduced to the ${key} of each entry, server order kept`,
  fn: (b) => (Array.isArray(b) ? b.map((e) => e?.[key]) : b),
})
