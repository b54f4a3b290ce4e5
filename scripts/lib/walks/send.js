// Sends a request as it is, also with a path that no URL parser would leave alone, and reads the answer as recordings hold it.
import { Agent, request as httpRequest } from 'node:http'
import { text as textOf } from 'node:stream/consumers'

/** @typedef {{ status: number, headers?: Record<string, any>, body?: any }} Answer */
/** @typedef {{ method: string, path: string, auth?: string, password?: string, headers?: Record<string, any>, body?: any }} Request */

function parsed(text, type) {
  if (!type.includes('json')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text // before 3.49 some texts are called JSON and are none
  }
}

/**
 * Connections to one server; `send` resolves with the answer.
 * @param {string} base
 */
export function createSender(base) {
  const { hostname, port } = new URL(base)
  const agent = new Agent({ keepAlive: true })
  /**
   * @param {Request} request
   * @returns {Promise<Answer>}
   */
  async function send({ method, path, headers = {}, body }) {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const length =
      method === 'GET' || method === 'HEAD' ? {} : { 'content-length': Buffer.byteLength(text ?? '') }
    const options = { hostname, port, method, path, agent, headers: { ...headers, ...length } }
    const response = await new Promise((resolve, reject) => {
      httpRequest(options, resolve).on('error', reject).end(text)
    })
    const type = response.headers['content-type'] ?? ''
    return {
      status: response.statusCode,
      headers: response.headers,
      body: parsed(await textOf(response), type),
    }
  }
  return { send, end: () => agent.destroy() }
}
