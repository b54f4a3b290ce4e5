import { expect, test } from 'vitest'
import { parseReference, withTag } from '../../src/images/reference.ts'

const digest = `sha256:${'0a'.repeat(32)}`

// What `docker pull` makes of them (github.com/distribution/reference, normalize_test.go).
test.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.29-alpine', 'docker.io/library/nginx:1.29-alpine'],
  [`nginx@${digest}`, `docker.io/library/nginx@${digest}`],
  [`nginx:1@${digest}`, `docker.io/library/nginx:1@${digest}`],
  ['bitnami/redis', 'docker.io/bitnami/redis:latest'],
  ['docker.io/nginx', 'docker.io/library/nginx:latest'],
  ['index.docker.io/library/nginx', 'docker.io/library/nginx:latest'],
  ['registry-1.docker.io/library/nginx', 'docker.io/library/nginx:latest'],
  ['registry-1.docker.io/nginx', 'docker.io/library/nginx:latest'],
  ['registry.docker.io/acme/app:1', 'docker.io/acme/app:1'],
  ['registry.hub.docker.com/acme/app', 'docker.io/acme/app:latest'],
  ['hub.docker.com/acme/app', 'hub.docker.com/acme/app:latest'],
  ['library/nginx', 'docker.io/library/nginx:latest'],
  ['localhost/app', 'localhost/app:latest'],
  ['localhost:5000/app:1', 'localhost:5000/app:1'],
  ['localhost:5000', 'docker.io/library/localhost:5000'],
  ['nexus/app', 'docker.io/nexus/app:latest'],
  ['Nexus/app', 'nexus/app:latest'],
  ['QUAY.io/a/b__c/d-e.f:T_1', 'quay.io/a/b__c/d-e.f:T_1'],
  ['[2001:db8::1]:5000/app', '[2001:db8::1]:5000/app:latest'],
  ['registry.k8s.io/pause', 'registry.k8s.io/pause:latest'],
])('%s is %s', (written, meant) => {
  const reference = parseReference(written)
  if ('why' in reference) throw new Error(reference.why)
  const { domain, path, tag, digest } = withTag(reference)
  expect(`${domain}/${path}${tag}${digest}`).toBe(meant)
})

test.each([
  ['', 'is not the name of an image'],
  ['Nginx', 'has capital letters in its path'],
  ['quay.io/Acme/app', 'has capital letters in its path'],
  ['https://quay.io/acme/app', 'begins like a URL'],
  ['quay.io/', 'is not the name of an image'],
  ['-quay.io/app', 'does not begin with the name of a registry'],
  ['acme//app', 'is not the name of an image'],
  ['nginx:', 'has a tag that is none'],
  ['nginx:a b', 'has a tag that is none'],
  ['nginx@sha256:123', 'has a digest that is none'],
  ['nginx@', 'has a digest that is none'],
  ['nginx latest', 'is not the name of an image'],
  ['nginx\n', 'is not the name of an image'],
  [`a/${'b'.repeat(260)}`, 'is not the name of an image'],
])('%s is refused: it %s', (written, why) => {
  expect(parseReference(written)).toEqual({ why })
})
