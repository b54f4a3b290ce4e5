// How fast the sandbox takes and gives a layer of 1 GB, as a share of docker-registry's speed in the same run, and how often an upstream is
// asked for a layer that 50 clients want at one time. Ends with 1 when a bar is missed.
// usage: node scripts/bench-registry.js [--megabytes N] [--rounds N] [--clients N]
import { parseArgs } from 'node:util'
import { tsImport } from 'tsx/esm/api'
import { bin, run, startSandbox } from './lib/cli.js'
import { largeLayer, pullLayer, pushLayer } from './lib/registry-bench.js'

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '50' },
  },
})
const megabytes = Number(values.megabytes)
const rounds = Number(values.rounds)
const clients = Number(values.clients)
const { withTarget } = await tsImport('../test/matrix/index.ts', import.meta.url)
const program = { startSandbox, cli: (args, env) => run([bin, ...args], { env }) }
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

const placeOf = (target, role, name) => {
  const { username, password } = target.administrator
  const { host } = target.address(role, 'connector')
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return { base: `http://${host}`, name, authorization }
}

/** MB/s of both directions; the rounds are interleaved, so that what else the machine does hits both servers alike. */
async function throughput(targets) {
  const measured = targets.map((target) => ({ target, push: [], pull: [] }))
  for (let round = 0; round < rounds; round++)
    for (const { target, push, pull } of measured) {
      const layer = largeLayer(megabytes * 2 ** 20)
      const place = placeOf(target, 'ours', 'bench/large')
      push.push(await pushLayer(place, layer))
      pull.push(await pullLayer(place, layer))
    }
  return measured.map(({ target, push, pull }) => {
    const speed = (times) => (megabytes * 1000) / median(times)
    return { name: target.name, push: speed(push), pull: speed(pull) }
  })
}

/** Requests for one layer at the upstream, while many clients want it from the group. */
async function upstreamRequests(target) {
  const layer = largeLayer(32 * 2 ** 20)
  const { url, requests } = target.upstream
  await pushLayer({ base: url, name: 'bench/wanted', authorization: '' }, layer)
  const place = placeOf(target, 'all', 'bench/wanted')
  await Promise.all(Array.from({ length: clients }, () => pullLayer(place, layer)))
  return requests().filter((line) => line.startsWith('GET') && line.includes(layer.digest)).length
}

await withTarget({ target: 'docker-registry', program }, ({ target: registry }) =>
  withTarget({ target: 'sandbox', program }, async ({ target: sandbox }) => {
    const [reference, ours] = await throughput([registry, sandbox])
    const asked = await upstreamRequests(sandbox)
    const bars = ['push', 'pull'].map((way) => {
      const ratio = ours[way] / reference[way]
      const speeds = `${ours[way].toFixed(0)} of ${reference[way].toFixed(0)} MB/s`
      return [`${way} of ${megabytes} MB`, `${ratio.toFixed(2)} x (${speeds})`, '>= 0.5 x', ratio >= 0.5]
    })
    bars.push([`upstream requests for a layer that ${clients} clients want`, String(asked), '1', asked === 1])
    const widths = [0, 1, 2].map((column) => Math.max(...bars.map((bar) => String(bar[column]).length)))
    for (const [what, value, bar, holds] of bars)
      console.log(
        [what, value, bar].map((text, column) => String(text).padStart(widths[column] ?? 0)).join('  '),
        holds ? ' ok' : ' MISSED',
      )
    if (bars.some(([, , , holds]) => !holds)) process.exitCode = 1
  }),
)
