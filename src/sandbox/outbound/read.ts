// What is read whole of a remote's answer has a limit: not every remote ends.

/** distribution's own limit of a manifest, and more than any list or token needs. */
const mostBytes = 4 * 1024 * 1024

/** The whole body; rejects when it is longer than 4 MiB, or cut short. */
export async function readWhole(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > mostBytes) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The object that a body holds as JSON; rejects for anything else. */
export async function readObject(body: AsyncIterable<Buffer>): Promise<Record<string, unknown>> {
  const json: unknown = JSON.parse((await readWhole(body)).toString('utf8'))
  if (json === null || typeof json !== 'object') throw new Error('the answer is no JSON object')
  return json as Record<string, unknown>
}
