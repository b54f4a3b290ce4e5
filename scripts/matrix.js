// Real clients against the sandbox: what each can do and what it is refused, by connector, by path, and through every rendered reverse
// proxy with every routing. Ends with 1 where a cell is not what the evidence says of a real Nexus.
// usage: node scripts/matrix.js [--only CLIENT]… [--action ACTION]… [--target sandbox|docker-registry|fronts]
//   [--front NAME]… [--routing ROUTING]… [--nexus-version V] [-o text|json]
// --target: default the sandbox and then the fronts; --front and --routing: only these of the fronts
import { parseArgs } from 'node:util'
import { tsImport } from 'tsx/esm/api'
import { bin, run, startSandbox } from './lib/cli.js'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    action: { type: 'string', multiple: true },
    target: { type: 'string' },
    front: { type: 'string', multiple: true },
    routing: { type: 'string', multiple: true },
    'nexus-version': { type: 'string' },
    output: { type: 'string', short: 'o', default: 'text' },
  },
})
const { runMatrix, clientNames, columns, frontNames, modes, routings } = await tsImport(
  '../test/matrix/index.ts',
  import.meta.url,
)

/** Ends with a sentence where an option names what there is not. */
function known(option, given, names) {
  const wrong = given.filter((name) => !names.includes(name))
  if (wrong.length === 0) return
  console.error(`--${option} ${wrong.join(', ')}: there are ${names.join(', ')}`)
  process.exit(3)
}
const actionNames = columns.map(({ id }) => id)
known('only', values.only ?? [], clientNames)
known('action', values.action ?? [], actionNames)
known('target', values.target ? [values.target] : [], ['sandbox', 'docker-registry', 'fronts'])
known('front', values.front ?? [], frontNames)
known('routing', values.routing ?? [], routings)
known('output', [values.output], ['text', 'json'])

const text = values.output === 'text'
const through = (values.front ?? frontNames).flatMap((front) =>
  (values.routing ?? routings).map((routing) => ({ front, routing })),
)
const { target = 'all' } = values
const isOnlyFronts = target === 'fronts' || values.front !== undefined || values.routing !== undefined
const targets = { sandbox: ['sandbox'], 'docker-registry': ['docker-registry'], fronts: through }[target] ?? [
  ...(isOnlyFronts ? [] : ['sandbox']),
  ...through,
]
const matrices = []
if (text) for (const { id, title } of columns) console.log(`${id.padEnd(14)}${title}`)
for (const one of targets) {
  const matrix = await runMatrix({
    target: one,
    nexusVersion: values['nexus-version'],
    only: { clients: values.only, actions: values.action },
    program: { startSandbox, cli: (args, env) => run([bin, ...args], { env }) },
    onCell: ({ status }) =>
      process.stderr.write(process.stderr.isTTY ? (status === 'wrong' ? '!' : '.') : ''),
  }).catch((error) => {
    console.error(error.message)
    process.exit(1)
  })
  if (text) print(matrix)
  matrices.push(matrix)
  const wrong = matrix.cells.filter(({ status }) => status === 'wrong')
  const missed = matrix.skipped.filter((client) => client.missed)
  if (wrong.length > 0 || missed.length > 0 || matrix.cells.length === 0) process.exitCode = 1
}
if (!text) console.log(JSON.stringify({ formatVersion: 1, matrices }, undefined, 2))

/** One row for each client and way; the columns are numbered, because their titles are sentences. */
function print({ cells, skipped, target }) {
  const shown = columns.filter(({ id }) => cells.some(({ action }) => action === id))
  const signs = { works: 'ok', refused: 'no', wrong: 'WRONG', none: '-' }
  const head = ['client', 'way', ...shown.map(({ id }) => id)]
  const rows = clientNames.flatMap((client) =>
    modes.flatMap((mode) => {
      const row = cells.filter((cell) => cell.client === client && cell.mode === mode)
      if (row.length === 0) return []
      const signOf = ({ id }) => signs[row.find(({ action }) => action === id)?.status] ?? ''
      return [[client, mode, ...shown.map(signOf)]]
    }),
  )
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)))
  console.log(
    `\nReal clients against ${target}: ok it works, no it is refused as it has to be, - the client or the server cannot\n`,
  )
  for (const row of [head, ...rows])
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
  for (const { client, reason, missed: bad } of skipped)
    console.log(`\n${bad ? 'MISSING' : 'skipped'}: ${client}, ${reason}`)
  for (const { client, action, mode, reason, expected } of cells.filter(({ status }) => status === 'wrong'))
    console.log(`\nWRONG: ${client}, ${action}, ${mode}: ${reason}\nexpected by: ${expected.evidence}`)
  const seconds = cells.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000
  const bad = cells.filter(({ status }) => status === 'wrong').length
  console.log(`\n${cells.length} cells, ${bad} wrong, ${seconds.toFixed(0)} s of clients`)
}
