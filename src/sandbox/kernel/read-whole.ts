// What is read whole of a body has a limit: not everybody who sends one comes to an end.
import { parseObject } from '../../core/json.ts'

/** distribution's own limit of a manifest, and more than any list or token needs. */
const mostBytes = 4 * 1024 * 1024

/** The body is longer than anything that is read whole. */
export class TooLong extends Error {}

/** The whole body; rejects when it is longer than 4 MiB, or cut short. */
export async function readWhole(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > mostBytes) throw new TooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The object that a body holds as JSON; rejects for anything else. */
export async function readObject(body: AsyncIterable<Buffer>): Promise<Record<string, unknown>> {
  const json = parseObject((await readWhole(body)).toString('utf8'))
  if (!json) throw new Error('the answer is no JSON object')
  return json
}
