// Start and stop as the recorder saw them: it asks three paths every few milliseconds and notes each change of an answer.
// How these notes interleave, and which short state is met at all, differs from start to start of the same real server. So both
// recordings are put into the same form: path by path, and for a stop the order that every recorded stop keeps.

/** What a path answers while its server stops, in the order in which the states follow; each may be too short to be seen. */
const stopOrder = ['200', '503 Nexus', '503 Jetty', 'no answer']

function stateOf({ response }) {
  if (response.error) return 'no answer'
  const jetty = response.headers?.server?.startsWith('Jetty') === true
  return response.status === 503 ? `503 ${jetty ? 'Jetty' : 'Nexus'}` : String(response.status)
}

function withoutRepetition(list) {
  return list.filter((entry, index) => entry !== list[index - 1])
}

function stopped(states) {
  const order = states.map((state) => stopOrder.indexOf(state))
  return {
    inOrder: order.every((place, index) => place >= 0 && place > (order[index - 1] ?? -1)),
    stopping: states.includes('503 Jetty'),
    ends: states.at(-1),
  }
}

/** A recording whose boot and shutdown entries stand path by path. */
export function withPhases(recording) {
  const phases = new Map()
  const log = []
  for (const entry of recording.log) {
    const [, phase] = /^(.*\/(?:boot|shutdown)[a-z-]*)-\d+$/.exec(entry.id) ?? []
    if (phase === undefined) {
      log.push(entry)
      continue
    }
    const key = `${phase}-${entry.request.path.split('/').at(-1)}`
    const known = phases.get(key) ?? { scenario: entry.scenario, entries: [] }
    known.entries.push(entry)
    phases.set(key, known)
  }
  for (const [id, { scenario, entries }] of phases) {
    const states = withoutRepetition(entries.map(stateOf))
    log.push({ id, scenario, observed: id.includes('/shutdown') ? stopped(states) : { states } })
  }
  return { ...recording, log }
}
