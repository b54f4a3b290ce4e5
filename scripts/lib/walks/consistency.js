// What holds on a server at any time, whatever it was asked.

const same = (text) => String(text)
const fold = (text) => String(text).toLowerCase()

function* repeated(what, names) {
  for (const [index, name] of names.entries()) if (names.indexOf(name) !== index) yield `two ${what} ${name}`
}

/** What a repository names that is not there. */
function* lost({ name, attributes }, { repositories, rules, stores }) {
  for (const member of attributes.group?.memberNames ?? [])
    if (!repositories.has(fold(member))) yield `${name} has the member ${member}, which is not there`
  const rule = attributes.routingRuleName
  if (rule && !rules.has(rule)) yield `${name} has the routing rule ${rule}, which is not there`
  const store = attributes.storage?.blobStoreName
  if (stores?.has(fold(store)) === false) yield `${name} lies in the blob store ${store}, which is not there`
}

/**
 * What the state of a sandbox contradicts, as sentences.
 * @param {any} state
 * @param {string} name of the recording whose server the sandbox is
 */
export function* contradictions({ repositories, blobStores, routingRules }, name) {
  // SQL servers from 3.62 to 3.77 take names that differ in case.
  const key = ['3.62.0', '3.71.0', '3.77.1'].includes(name) ? same : fold
  const namesOf = (list, change = same) => list.map((entry) => change(entry.name))
  yield* repeated('repositories', namesOf(repositories, key))
  yield* repeated('blob stores', namesOf(blobStores, fold))
  yield* repeated('routing rules', namesOf(routingRules))
  // 3.28 and 3.62 take a blob store that is not there; 3.41 with H2 does so in a PUT, and refuses it.
  const checksStores = !['3.28.0-orient', '3.62.0', '3.41.1'].includes(name)
  const known = {
    repositories: new Set(namesOf(repositories, fold)),
    rules: new Set(namesOf(routingRules)),
    stores: checksStores ? new Set(namesOf(blobStores, fold)) : undefined,
  }
  for (const repository of repositories) yield* lost(repository, known)
}
