// What parallel requests were answered, as sets: how many of ten wins, and in which round, differs from run to run of the same real server.
// Rounds of one question (`…-1-delete`, `…-2-delete`) are one question asked several times; the wording of errors does not count.

const scenario = 'concurrency'

/** The question behind an id, without the number of its round. */
function questionOf(id) {
  return id.replace(/-\d+(?=-|$)/, '')
}

function answersIn(observed) {
  return observed.responses ?? observed
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const keys = Object.keys(value).toSorted()
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]))
}

/** What of an error counts: the ids that it complains about, and whether it is a list. */
function shapeOf(body) {
  if (Array.isArray(body)) return body.map(({ id }) => id).toSorted()
  return typeof body === 'object' ? { id: body.id } : body === '' ? '' : 'text'
}

/** Status, media type and body, without the number of the round. */
function essence({ status, contentType, body }) {
  const type = contentType?.split(';')[0] ?? null
  const text = JSON.stringify({ status, type, body: status < 400 ? sorted(body) : shapeOf(body) })
  return text.replaceAll(/race-\d/g, 'race-<n>')
}

/** The recording with sets of answers where requests ran in parallel. */
export function withSets(recording) {
  const isParallel = (entry) => entry.scenario === scenario && entry.observed !== undefined
  const answers = new Map()
  for (const entry of recording.log.filter(isParallel)) {
    const question = questionOf(entry.id)
    const known = answers.get(question) ?? new Set()
    answers.set(question, known)
    // What a proxy named in the body is of the round, too.
    for (const answer of answersIn(entry.observed))
      known.add(essence(answer).replaceAll(/race-\d/g, 'race-<n>'))
  }
  const log = recording.log.map((entry) =>
    isParallel(entry) ? { ...entry, observed: [...answers.get(questionOf(entry.id))].toSorted() } : entry,
  )
  return { ...recording, log }
}
