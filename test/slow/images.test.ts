import { expect, test } from 'vitest'
import { startDockerRegistry, withDockerRegistry } from '../registry/docker-registry.ts'
import { registry } from '../registry/helpers.ts'
import { pushAndCompare } from '../registry/random-images.ts'

test.skipIf(!withDockerRegistry)(
  '500 random images, more than 1 GB of them, come back byte by byte',
  async () => {
    const target = await startDockerRegistry()
    try {
      const client = registry(target.url)
      let compared = 0
      for (let number = 0; number < 500; number += 1)
        compared += await pushAndCompare(client, number, 20_000_000)
      console.log(`${compared} bytes compared`)
      expect(compared).toBeGreaterThan(1_000_000_000)
    } finally {
      await target.close()
    }
  },
)
