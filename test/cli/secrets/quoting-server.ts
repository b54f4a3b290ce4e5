import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** How an error repeats the request: as Nexus does in its validation errors, as plain text, as a page of a reverse proxy, … */
const shapes = {
  json: (body: string) => ({
    type: 'application/json',
    text: JSON.stringify([{ id: 'FIELD body', message: `not valid: ${body}` }]),
  }),
  text: (body: string) => ({ type: 'text/plain', text: `cannot read ${body}` }),
  html: (body: string) => ({
    type: 'text/html',
    text: `<html><body><h1>400</h1><pre>${body}</pre></body></html>`,
  }),
  entities: (body: string) => ({
    type: 'text/html',
    text: `<html><title>${Array.from(textsIn(body), (character, index) => entities(character, index)).join('')}</title></html>`,
  }),
  markdown: (body: string) => ({
    type: 'text/plain',
    text: textsIn(body).replaceAll(/[\\`*_{}[\]<>()#+\-.!|]/g, (character) => `\\${character}`),
  }),
  java: (body: string) => ({
    type: 'text/plain',
    text: `ERROR: ${String(Object.entries(JSON.parse(body) as object).map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`))}`,
  }),
  encoded: (body: string) => ({
    type: 'text/plain',
    text: `bad request: ${encodeURIComponent(body)} ${Buffer.from(body).toString('base64')}`,
  }),
}

/** The values in a body, as a server has them once it has read it. */
function textsIn(body: string): string {
  const texts: string[] = []
  JSON.parse(body, (_, value: unknown) => {
    if (typeof value === 'string') texts.push(value)
    return value
  })
  return texts.join(' ')
}

/** As pages do it, by turns: `&amp;`, `&#38;`, `&#x26;`. */
function entities(character: string, index: number): string {
  const named: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  }
  const code = character.codePointAt(0) ?? 0
  if (/\w/.test(character) && index % 7 > 0) return character
  return [named[character] ?? character, `&#${code};`, `&#x${code.toString(16)};`][index % 3] ?? ''
}

/** A server in front of the sandbox that answers every write with an error which repeats body and credentials. */
export async function quotingServer(
  upstream: string,
  shape: keyof typeof shapes,
): Promise<{ url: string; quoted(): number }> {
  let quoted = 0
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      if (request.method === 'GET') {
        const answer = await fetch(upstream + (request.url ?? ''), {
          headers: { authorization: request.headers.authorization ?? '', accept: 'application/json' },
        })
        const names = ['content-type', 'server', 'www-authenticate']
        const headers = names.flatMap((name) =>
          answer.headers.has(name) ? [[name, answer.headers.get(name) ?? ''] as const] : [],
        )
        response.writeHead(answer.status, Object.fromEntries(headers)).end(await answer.text())
        return
      }
      quoted += 1
      const { type, text } = shapes[shape](body)
      response
        .writeHead(400, { 'content-type': type, server: 'Nexus/3.96.0-01 (PRO)' })
        .end(text.replace('not valid', `not valid for ${request.headers.authorization ?? ''}`))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, quoted: () => quoted }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk)
  return body
}
