// The bench's configuration, the same model as other tools were measured with: one blob store, N - 1 hosted and proxy repositories, one
// group of them all, realms, anonymous access.

/** The YAML of a file with `count` repositories. */
export function benchFile(count) {
  const names = Array.from({ length: count - 1 }, (_, index) => `repo-${String(index).padStart(4, '0')}`)
  // Hosted ones first, as in a group of real life: a proxy that is asked before them earns a warning.
  const repositories = names.map((name, index) =>
    index < count / 2
      ? `  ${name}: {type: hosted, blobStore: bench, writePolicy: allow-once}`
      : `  ${name}: {type: proxy, blobStore: bench, remoteUrl: "https://registry-${index}.example.com"}`,
  )
  return [
    'version: 1',
    'realms: {ensure: [DockerToken]}',
    'anonymous: {enabled: true}',
    'blobStores:',
    '  bench: {type: file, path: bench}',
    'repositories:',
    ...repositories,
    `  all: {type: group, blobStore: bench, members: [${names.join(', ')}]}`,
    '',
  ].join('\n')
}
