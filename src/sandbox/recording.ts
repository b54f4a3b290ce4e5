// The trace that `--record FILE` writes: one JSON line per request, without credentials.

import { appendFileSync, writeFileSync } from 'node:fs'
import { parseObject } from '../core/json.ts'
import { printableJson } from '../core/printable.ts'
import { namesSecret } from '../core/secrets/secret-words.ts'
import type { SeenRequest } from './kernel/server.ts'
import type { Reply } from './kernel/types.ts'

const mask = '********'
const longestText = 200
const shortestSecret = 3 // replacing shorter texts would spoil everything else

/** A copy in which every text has been changed; `name` is the field that holds it. */
function mapTexts(value: unknown, change: (text: string, name: string) => string, name = ''): unknown {
  if (typeof value === 'string') return change(value, name)
  if (Array.isArray(value)) return value.map((entry) => mapTexts(entry, change, name))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, change, key)]))
}

/** Replaces secret values by name and collects them, so that they can be found again in the answer. */
function maskSecrets(value: unknown, secrets: Set<string>): unknown {
  return mapTexts(value, (text, name) => {
    if (!namesSecret(name) || text === '') return text
    secrets.add(text)
    return mask
  })
}

/** Takes the request's secrets out of an answer; long texts may quote a whole request in an altered spelling. */
function withoutSecrets(value: unknown, secrets: ReadonlySet<string>): unknown {
  if (secrets.size === 0) return value
  const found = [...secrets].filter((secret) => secret.length >= shortestSecret)
  return mapTexts(value, (text) =>
    text.length > longestText
      ? mask
      : found.reduce((masked, secret) => masked.replaceAll(secret, () => mask), text),
  )
}

/** A new password, a sign-in form, a broken body: not even how long it is. */
const plainText = '<a text that is not JSON>'

function requestBody(path: string, text: string, secrets: Set<string>): unknown {
  if (text === '') return undefined
  // The body is the password itself, which may look like JSON: 12345678.
  if (/\/change-password\/?(\?|$)/.test(path)) return plainText
  try {
    return maskSecrets(JSON.parse(text), secrets)
  } catch {
    return plainText
  }
}

/** Starts a trace in the file (emptied first) and returns what adds one request to it. */
export function createRecording(file: string): (request: SeenRequest, reply: Reply) => void {
  writeFileSync(file, '', { mode: 0o600 })
  return ({ number, method, path, user, body }, reply) => {
    const secrets = new Set<string>()
    const request = withoutSecrets(requestBody(path, body, secrets), secrets)
    // A document that was written as text is read again, so that its secrets are found.
    const document = (typeof reply.body === 'string' ? parseObject(reply.body) : undefined) ?? reply.body
    const response = withoutSecrets(maskSecrets(document, new Set()), secrets)
    const line = { number, method, path, user, request, status: reply.status, response }
    appendFileSync(file, `${printableJson(line)}\n`)
  }
}
