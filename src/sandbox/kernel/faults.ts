// Faults that a user asks for: `<action> <METHOD|*> <path glob> [nth|*]`, e.g. `503 POST /service/rest/v1/repositories/** 2`.
import { unexpected500 } from './replies.ts'
import type { Reply } from './types.ts'

/** What a fault does instead of, or around, the normal answer. */
export type FaultAction =
  | { kind: 'reply'; reply: Reply }
  | { kind: 'reset' | 'hang' | 'lost' }
  | { kind: 'slow'; milliseconds: number }

export interface Fault {
  action: FaultAction
  method: string
  pattern: RegExp
  /** Which matching request is hit, counted from 1; undefined = each. */
  nth: number | undefined
  matched: number
}

const statusReplies: Record<number, Partial<Reply>> = {
  429: {
    headers: { 'Retry-After': '1' },
    body: 'Too many requests',
    contentType: 'text/plain;charset=utf-8',
  },
  503: { headers: { 'Retry-After': '1' } },
  500: unexpected500('java.lang.IllegalStateException: injected fault'),
}

const gatewayPage =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n'

const namedActions: Record<string, FaultAction> = {
  reset: { kind: 'reset' },
  hang: { kind: 'hang' },
  lost: { kind: 'lost' },
  garbage: {
    kind: 'reply',
    reply: { status: 200, body: '{"name":"x","onli\u0000\ufffd', contentType: 'application/json' },
  },
  html: {
    kind: 'reply',
    reply: { status: 502, body: gatewayPage, contentType: 'text/html', headers: { Server: 'nginx' } },
  },
}

const usage =
  'expected "<action> <METHOD|*> <path glob> [nth|*]" with action = status, reset, hang, lost, garbage, html or slow:MS'

function parseAction(text: string): FaultAction | undefined {
  if (Object.hasOwn(namedActions, text)) return namedActions[text]
  const slow = /^slow:(\d+)$/.exec(text)
  if (slow) return { kind: 'slow', milliseconds: Number(slow[1]) }
  const status = Number(text)
  if (!/^[2-5]\d\d$/.test(text)) return undefined
  return { kind: 'reply', reply: { status, ...statusReplies[status] } }
}

function globPattern(glob: string): RegExp {
  const source = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*\*?|\?/g, (token) => {
    return token === '**' ? '.*' : token === '*' ? '[^/]*' : '.'
  })
  return new RegExp(`^${source}$`)
}

/** Reads one fault; throws an Error that names the text and what was expected. The glob is held against the path with the context path, without the query. */
export function parseFault(text: string): Fault {
  const [actionText = '', method = '', glob = '', nth = '1', ...rest] = text.trim().split(/\s+/)
  const action = parseAction(actionText)
  const isMethod = /^(\*|[A-Z]+)$/.test(method)
  if (!action || !isMethod || !/^(\/|\*)/.test(glob) || !/^(\*|[1-9]\d*)$/.test(nth) || rest.length > 0) {
    throw new Error(`not a fault: "${text}"; ${usage}`)
  }
  return {
    action,
    method,
    pattern: globPattern(glob === '*' ? '**' : glob),
    nth: nth === '*' ? undefined : Number(nth),
    matched: 0,
  }
}

/** Counts the request on every fault that matches it and returns the first one that is due. */
export function takeFault(faults: readonly Fault[], method: string, path: string): FaultAction | undefined {
  let due: FaultAction | undefined
  for (const fault of faults) {
    if ((fault.method !== '*' && fault.method !== method) || !fault.pattern.test(path)) continue
    fault.matched += 1
    if (fault.nth === undefined || fault.nth === fault.matched) due ??= fault.action
  }
  return due
}
