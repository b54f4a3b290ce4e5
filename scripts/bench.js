// Measures what the bars promise: requests, writes, time, memory and start-up. Ends with 1 when a bar is missed.
import { applySerially, applyTwice, createBench, peakMemory, roundTrips, startUp } from './lib/bench-runs.js'

// Reading certificates takes Node longer than starting: it would hide what the program costs.
delete process.env.NODE_EXTRA_CA_CERTS

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`
const times = (ratio) => `${ratio.toFixed(2)} x`

function printTable(head, rows) {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)))
  for (const row of [head, ...rows])
    console.log(row.map((cell, column) => cell.padStart(widths[column])).join('  '))
  console.log()
}

async function measureSizes(bench) {
  const runs = []
  for (const count of [3, 30, 100, 1000])
    for (const latencyMs of [0, 50]) runs.push(await applyTwice(bench, count, latencyMs))
  const head = ['repositories', 'latency', 'apply', 'requests', 'writes', 'in flight', 'wall time']
  const row = (name, { count, latencyMs }, { requests, writes, milliseconds }, inFlight) => [
    String(count),
    `${latencyMs} ms`,
    name,
    String(requests),
    String(writes),
    inFlight,
    seconds(milliseconds),
  ]
  printTable(
    head,
    runs.flatMap((run) => [
      row('first', run, run.first, String(run.first.maxInFlight)),
      row('no change', run, run.again, ''),
    ]),
  )
  return runs
}

function sizeBars(runs) {
  const unchanged = runs.map(({ again }) => again)
  const requests = new Set(unchanged.map((run) => run.requests))
  const hundred = runs.find(({ count, latencyMs }) => count === 100 && latencyMs === 50)
  const most = Math.max(...requests)
  const writes = Math.max(...unchanged.map((run) => run.writes))
  return [
    ['requests of a no-change run', String(most), '<= 12', most <= 12],
    ['different numbers of them over all sizes', String(requests.size), '1', requests.size === 1],
    ['writes of a no-change run', String(writes), '0', writes === 0],
    [
      'requests of a first apply of 100',
      String(hundred.first.requests),
      '<= 118',
      hundred.first.requests <= 118,
    ],
  ]
}

function startUpBars(medians) {
  const ratio = (name) => medians[name] / medians.node
  const line = (what, name, limit) => [
    what,
    times(ratio(name)),
    limit ? `<= ${limit} x` : '',
    !limit || ratio(name) <= limit,
  ]
  console.log(
    `node -e 0: ${medians.node.toFixed(1)} ms; everything below is a multiple of it, medians of interleaved rounds\n`,
  )
  return [
    line('--version', 'version', 3),
    line('--help', 'help'),
    line('validate, 10 repositories', 'validate'),
    line('no-change plan, 10 repositories', 'plan', 9),
    line('no-change apply, 1000 repositories', 'large', 26),
  ]
}

async function measure(bench) {
  const runs = await measureSizes(bench)
  const parallel =
    runs.find(({ count, latencyMs }) => count === 100 && latencyMs === 50)?.first.milliseconds ?? 0
  const serial = (await applySerially(bench, 100, 50)).milliseconds
  const faster = serial / parallel
  const waits = await roundTrips(bench)
  const memory = await peakMemory(bench, 1000)
  return [
    ...sizeBars(runs),
    ['round trips of a no-change run', waits.toFixed(1), '<= 4', waits <= 4],
    [
      'first apply of 100 at 50 ms: parallelism 10 against 1',
      `${times(faster)} (${seconds(parallel)}, ${seconds(serial)})`,
      '>= 5 x',
      faster >= 5,
    ],
    ['peak memory of a no-change run, 1000', `${memory.toFixed(0)} MiB`, '<= 250', memory <= 250],
    ...startUpBars(await startUp(bench, 15)),
  ]
}

const bench = await createBench()
try {
  const bars = await measure(bench)
  printTable(
    ['', 'measured', 'bar', ''],
    bars.map(([what, value, limit, holds]) => [
      what,
      value,
      limit,
      limit === '' ? '' : holds ? 'ok' : 'MISSED',
    ]),
  )
  if (bars.some(([, , , holds]) => !holds)) process.exitCode = 1
} finally {
  bench.close()
}
