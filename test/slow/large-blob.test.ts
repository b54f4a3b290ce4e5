import { createHash } from 'node:crypto'
import { Readable, Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { startDockerRegistry, withDockerRegistry } from '../registry/docker-registry.ts'
import { registry } from '../registry/helpers.ts'

const SIZE = 2 ** 30
const MOST_MEMORY = 80e6

function* parts(): Generator<Buffer> {
  const part = Buffer.alloc(65_536)
  for (let at = 0; at < SIZE; at += part.length) {
    part.writeUInt32LE(at, 0)
    yield Buffer.from(part)
  }
}

/** Bytes by which the process grows meanwhile, at the most. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  global.gc?.()
  const before = process.memoryUsage().rss
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 20)
  await work()
  clearInterval(timer)
  return most - before
}

test.skipIf(!withDockerRegistry)('a blob of 1 GB is pushed and pulled in 80 MB', async () => {
  const target = await startDockerRegistry()
  try {
    const client = registry(target.url)
    const hash = createHash('sha256')
    for (const part of parts()) hash.update(part)
    const blob = { digest: `sha256:${hash.digest('hex')}`, size: SIZE }
    let got = 0
    const into = new Writable({
      write: (chunk: Buffer, _, done) => {
        got += chunk.length
        done()
      },
    })
    const pushing = await growth(() => client.pushBlob('big/app', blob, () => Readable.from(parts())))
    const pulling = await growth(() => client.blob('big/app', blob, into))
    console.log(`push ${Math.round(pushing / 1e6)} MB, pull ${Math.round(pulling / 1e6)} MB`)
    expect(got).toBe(SIZE)
    expect(pushing).toBeLessThan(MOST_MEMORY)
    expect(pulling).toBeLessThan(MOST_MEMORY)
  } finally {
    await target.close()
  }
})
