import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FileKind, kindOf, rewriteImages } from '../../src/images/rewrite/rewrite.ts'
import { edgeFor, repositoriesFor } from '../targets/edges.ts'

const path = edgeFor({ routing: 'path', namespaces: ['acme'] })
const twoHosts = edgeFor({ routing: 'two-hosts' })

function run(kind: FileKind, text: string, edge = path) {
  return rewriteImages({ name: 'x', text }, kind, edge)
}

/** What is told and left, where it is: `line:column text: hint`. */
function left(kind: FileKind, text: string) {
  const result = run(kind, text)
  expect(result.text).toBe(text)
  return result.problems.map(({ severity, code, hint, span: { start, end } = { start: 0, end: 0 } }) => {
    expect(severity).toBe('warning')
    const before = text.slice(0, start).split('\n')
    const told = code === 'image-left' ? hint?.replace(/^if it is one, (?:write (?!it))?/, '') : code
    return `${before.length}:${(before.at(-1)?.length ?? 0) + 1} ${text.slice(start, end)}: ${told}`
  })
}

/** In the text `«old => new»` stands for an image that changes. */
function changes(kind: FileKind, marked: string, edge = path) {
  const parts = (group: number) =>
    marked.replaceAll(/«(\S*) => (\S*)»/g, (...found: string[]) => found[group] ?? '')
  const { text, problems } = run(kind, parts(1), edge)
  expect({ text, problems }).toEqual({ text: parts(2), problems: [] })
  expect(run(kind, text, edge)).toEqual({ text, changes: [], problems: [], notes: [] })
}

const R = 'registry.example.com'

test('what a group may answer with from Docker Hub is noted once', () => {
  const repositories = repositoriesFor({ routing: 'two-hosts' }).map((one) =>
    one.type === 'group'
      ? { ...one, values: { ...one.values, members: ['docker-hub', 'quay', 'k8s'] } }
      : one,
  )
  const hubFirst = edgeFor({ routing: 'two-hosts', repositories, push: 'docker-hosted' })
  const { notes } = run('list', 'quay.io/a\nquay.io/b\nregistry.k8s.io/pause\n', hubFirst)
  expect(notes).toEqual([expect.stringMatching(/^"docker" looks in Docker Hub first/)])
})

describe('compose', () => {
  test('images of services, whatever the quotes, comments and line ends', () => {
    changes(
      'compose',
      `# nginx\r
services:   # the stack\r
  web: { image: «nginx:1.29 => ${R}/docker-hub/library/nginx:1.29» , command: nginx }   # nginx:1.29\r
  a:\r
    image:   "«quay.io/a/b => ${R}/quay/a/b»"  \r
    environment: {image: nginx}\r
  b:\r
    image: '«acme/app:1 => ${R}/docker/acme/app:1»'\r
  c:\r
    image: >-\r
      «ghcr.io/x/y:2 => ${R}/ghcr/x/y:2»\r
  "d": {"image": &i «gcr.io/x => ${R}/gcr/x»}\r
  e: {image: *i}\r
  f: {image: ${R}/docker-hosted/acme/x}\r
  g: {}\r
volumes: {image: {}}\r
`,
    )
  })

  test('through anchors and merge keys, in the place where it is written; what nobody uses stays', () => {
    changes(
      'compose',
      `x-base: &base
  image: «redis => ${R}/docker-hub/library/redis»
x-unused: {image: redis}
x-name: &name «redis:7 => ${R}/docker-hub/library/redis:7»
x-both: &both
  <<: *base
services:
  a:
    <<: *both
  b:
    <<: [{}, *base]
    image: *name
  c: *both
`,
    )
  })

  test('the name of what is built is not an image to pull', () => {
    changes('compose', 'services:\n  a: {build: ., image: app}\n  b: {image: app, build: {context: .}}\n')
  })

  test('an anchor that is given again stands for what was there before each alias', () => {
    changes(
      'compose',
      `x-a: &b «quay.io/a => ${R}/quay/a»
services:
  a: {image: *b}
  x: {image: &b «quay.io/b => ${R}/quay/b»}
  c: {image: *b}
`,
    )
  })

  test("Compose's tags stay: what is reset names nothing, and a build that is reset is none", () => {
    changes(
      'compose',
      `x-a: &a {image: redis, build: .}
services:
  a: {image: !override "«nginx => ${R}/docker-hub/library/nginx»", ports: !reset [], tmpfs: !override {}}
  b: !reset null
  c: {<<: *a, image: !reset null, build: !reset null}
  d: {<<: *a, image: «redis => ${R}/docker-hub/library/redis», build: !reset null}
  e: !override
    image: «redis:7 => ${R}/docker-hub/library/redis:7»
  f: !reset {image: nginx}
`,
    )
  })

  test('what a build begins from, and volumes that are images', () => {
    changes(
      'compose',
      `services:
  a:
    image: app
    build:
      dockerfile_inline: |
        # FROM nginx
        FROM «alpine => ${R}/docker-hub/library/alpine» AS base
        RUN <<EOF
        FROM nginx
        EOF
      additional_contexts:
        base: docker-image://«alpine:3 => ${R}/docker-hub/library/alpine:3»
        other: "docker-image://«quay.io/a/b => ${R}/quay/a/b»"
        more: ./more
        service: service:b
      cache_from: [type=local,src=x, type=gha, "${R}/docker-hosted/app:cache"]
      tags: [quay.io/acme/app]
  b:
    build:
      dockerfile_inline: FROM «quay.io/a => ${R}/quay/a»
      additional_contexts: [base=docker-image://«redis => ${R}/docker-hub/library/redis», x=../x]
    volumes:
      - {type: image, source: «ghcr.io/a/data => ${R}/ghcr/a/data», target: /data}
      - {type: bind, source: ./image, target: /x}
      - ./image:/y
`,
    )
  })

  test('what may be pulled, or cannot be written in its place, is told and left', () => {
    const text = `services:
  a:
    image: quay.io/acme/app
    labels: {from: quay.io/a}
    environment: [RUNNER=quay.io/a/runner:1, "URL=https://quay.io/a"]
    build:
      dockerfile_inline: "FROM alpine\\nFROM quay.io/a AS x\\n"
      additional_contexts: {base: "docker-image:\\/\\/alpine"}
      cache_from: ["alpine:3", "type=registry,ref=quay.io/a/cache,mode=max"]
      args:
        BASE: quay.io/a/base
  b:
    build:
      dockerfile_inline: |
        FROM quay.io/x
        RUN <<EOF
        EOF
        FROM nginx
`
    expect(left('compose', text)).toEqual([
      `5:26 quay.io/a/runner:1: ${R}/quay/a/runner:1`,
      `7:32 alpine: ${R}/docker-hub/library/alpine`,
      `7:45 quay.io/a: ${R}/quay/a`,
      `8:36 docker-image:\\/\\/alpine: ${R}/docker-hub/library/alpine`,
      `9:21 alpine:3: ${R}/docker-hub/library/alpine:3`,
      `9:51 quay.io/a/cache: ${R}/quay/a/cache`,
      `11:15 quay.io/a/base: ${R}/quay/a/base`,
      `15:14 quay.io/x: ${R}/quay/x`,
      `18:14 nginx: ${R}/docker-hub/library/nginx`,
    ])
  })

  test('an inline Dockerfile of more than 1 MiB is left', () => {
    const text = `services: {a: {build: {dockerfile_inline: 'FROM ${'--a '.repeat(3_000_000)}nginx'}}}\n`
    expect(run('compose', text)).toMatchObject({ text, problems: [{ code: 'image-left' }] })
  })

  test('aliases that go in circles end', () => {
    changes(
      'compose',
      'services:\n  a: &a\n    <<: [*a, *a, *a]\n  b: {<<: *a, image: «nginx => registry.example.com/docker-hub/library/nginx»}\n',
    )
  })
})

describe('kubernetes', () => {
  test('containers of every kind and depth, image volumes, several documents, a list, JSON', () => {
    changes(
      'kubernetes',
      `---
apiVersion: batch/v1
kind: CronJob
spec:
  jobTemplate:
    spec:
      template:
        spec:
          initContainers: [{name: i, image: «busybox => ${R}/docker-hub/library/busybox»}]
          containers:
            - image: "«registry.k8s.io/pause:3.9 => ${R}/k8s/pause:3.9»"
              name: image
            - {name: nothing}
          ephemeralContainers:
          - image: «quay.io/a/debug => ${R}/quay/a/debug»
          volumes:
          - name: v
            image: {reference: «ghcr.io/a/data:1 => ${R}/ghcr/a/data:1», pullPolicy: Always}
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {annotations: {image: nginx}}
  spec: {containers: [{image: «nginx => ${R}/docker-hub/library/nginx»}]}
---
{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "«nginx => ${R}/docker-hub/library/nginx»"}]}}
`,
    )
  })

  test('containers of Tekton and Argo, and every "image" with a registry or a tag', () => {
    changes(
      'kubernetes',
      `apiVersion: tekton.dev/v1
kind: Task
spec:
  stepTemplate: {image: «busybox => ${R}/docker-hub/library/busybox»}
  steps: [{image: «alpine => ${R}/docker-hub/library/alpine», script: echo image}]
  sidecars: [{image: «redis => ${R}/docker-hub/library/redis»}]
---
apiVersion: argoproj.io/v1alpha1
kind: Workflow
spec:
  templates:
    - container: {image: "«alpine => ${R}/docker-hub/library/alpine»"}
    - script: {image: «python => ${R}/docker-hub/library/python»}
    - steps: [[{name: image, template: image}]]
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {labels: {image: "nginx:1"}, annotations: {x: quay.io/a}}
spec:
  image: «quay.io/prometheus/prometheus => ${R}/quay/prometheus/prometheus»
  imageName: «postgres:15 => ${R}/docker-hub/library/postgres:15»
  baseImage: '«ghcr.io/a/b => ${R}/ghcr/a/b»'
  imagePullPolicy: Always
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  names: {kind: Image}
  schema:
    properties:
      image: {type: string, description: "like quay.io/a/b"}
      other: {properties: {image: {properties: {repository: {type: string}}}}}
---
apiVersion: v1
kind: Secret
stringData: {auths: "quay.io/acme"}
---
apiVersion: x/v1
spec: {image: true, docker.io/library/x: 1, imageSize: nginx, mirror: "https://quay.io/a", chart: "oci://ghcr.io/a/b"}
`,
    )
  })

  test('what is not sure to be an image is told and left, but for what is ours', () => {
    const text = `apiVersion: x/v1
spec:
  image: ubuntu-22.04
  vm: {image: debian-cloud/debian-11}
  disk: {image: "https://example.com/a b.img"}
  kro: {image: string | default=x, workImage: "\${schema.spec.image}"}
  steps: [{image: $(params.image)}, {image: "{{inputs.parameters.image}}"}]
  values:
    image: {repository: acme/app, tag: v1}
    a: {image: {registry: quay.io, repository: a/b}}
    b: {image: {registry: ${R}, repository: quay/a/b}}
    c: {image: {repository: ${R}/quay/a/b}}
    d: {image: {repository: docker.io/a/b}}
  env: [{name: RELATED, value: quay.io/a/c:v1.2}, {name: X, value: "https://quay.io/x"}]
  params: [{name: image, default: alpine}, {name: BASE_IMAGE, value: "redis:7"}, {name: x, value: nginx}]
  args: ["--reloader=ghcr.io/a/reloader@sha256:${'0a'.repeat(32)}"]
data:
  pod.yaml: |
    # image: nginx
    containers:
      - image: "busybox"
        args: [docker image: x]
      - {name: x, image: quay.io/a}
      - image: ${R}/quay/a
    image:
      repository: x
  pod.json: '{"image":"redis"}'
  one: "a: b\\n- image: nginx\\nb: c"
`
    expect(left('kubernetes', text)).toEqual([
      `3:10 ubuntu-22.04: ${R}/docker-hub/library/ubuntu-22.04`,
      `4:15 debian-cloud/debian-11: ${R}/docker-hub/debian-cloud/debian-11`,
      '5:18 https://example.com/a b.img: write it like quay.io/acme/app:1',
      '6:16 string | default=x: write it like quay.io/acme/app:1',
      '6:48 ${schema.spec.image}: image-variable',
      '7:19 $(params.image): image-variable',
      '7:46 {{inputs.parameters.image}}: image-variable',
      `9:25 acme/app: ${R}/docker/acme/app`,
      `10:48 a/b: ${R}/quay/a/b`,
      `13:29 docker.io/a/b: ${R}/docker-hub/a/b`,
      `14:32 quay.io/a/c:v1.2: ${R}/quay/a/c:v1.2`,
      `15:35 alpine: ${R}/docker-hub/library/alpine`,
      `15:71 redis:7: ${R}/docker-hub/library/redis:7`,
      `16:22 ghcr.io/a/reloader@sha256:${'0a'.repeat(32)}: ${R}/ghcr/a/reloader@sha256:${'0a'.repeat(32)}`,
      `21:17 busybox: ${R}/docker-hub/library/busybox`,
      `23:26 quay.io/a: ${R}/quay/a`,
      `27:24 redis: ${R}/docker-hub/library/redis`,
      `28:24 nginx: ${R}/docker-hub/library/nginx`,
    ])
  })

  test('a registry that nothing leads to is an error where "image" names it, else a warning', () => {
    const text = 'spec: {image: mcr.microsoft.com/x, args: [mcr.microsoft.com/y]}\n'
    expect(run('kubernetes', text)).toMatchObject({
      text,
      problems: [
        { severity: 'error', code: 'image-unknown', span: { start: 14 } },
        {
          severity: 'warning',
          code: 'image-left',
          hint: expect.stringMatching(/^if it is one, add a proxy/) as string,
        },
      ],
    })
  })

  test('a long text is soon read', () => {
    expect(run('kubernetes', `image: '${'.'.repeat(300_000)}'\n`).problems).toMatchObject([
      { code: 'image-left' },
    ])
    const text = `a: |\n${`  ${' '.repeat(1_000_000)}x {${',image'.repeat(20_000)}\n`.repeat(2)}`
    expect(run('kubernetes', text)).toMatchObject({ text, problems: [] })
  })

  test('a name that is written with escapes, as in JSON, is written without', () => {
    const written =
      '{"kind": "Pod", "spec": {"containers": [{"image": "quay.io\\/a\\/\\u0062:1"}, {"image": "nginx"}]}}\n'
    const { text, problems, changes: made } = run('kubernetes', written)
    expect(problems).toEqual([])
    expect(text).toBe(
      `{"kind": "Pod", "spec": {"containers": [{"image": "${R}/quay/a/b:1"}, {"image": "${R}/docker-hub/library/nginx"}]}}\n`,
    )
    expect(made[0]).toMatchObject({ from: 'quay.io/a/b:1' })
    expect(run('kubernetes', 'containers: [{image: "\\x78"}]\n').text).toBe(
      `containers: [{image: "${R}/docker-hub/library/x"}]\n`,
    )
    const ours = `containers: [{image: "${R}\\/quay\\/a"}]\n`
    expect(run('kubernetes', ours).text).toBe(ours)
  })

  test('two hosts', () => {
    changes(
      'kubernetes',
      `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: «nginx => ${R}/library/nginx»}]}\n`,
      twoHosts,
    )
  })
})

describe('dockerfile', () => {
  test('what it begins from, copies from and mounts; not its own stages', () => {
    changes(
      'dockerfile',
      `# syntax=«docker/dockerfile:1 => ${R}/docker-hub/docker/dockerfile:1»
# FROM nginx
ARG TAG=1 BASE="«quay.io/a/base:2 => ${R}/quay/a/base:2»"
ARG EMPTY
ARG COPY_OF=build
FROM --platform=$BUILDPLATFORM «golang:1.25 => ${R}/docker-hub/library/golang:1.25» AS Build
from \\
  # the base
  «nginx:\${TAG} => ${R}/docker-hub/library/nginx:\${TAG}» as web
FROM \${BASE}
FROM $BASE AS other
FROM build
FROM $COPY_OF
FROM scratch
COPY --chown=1 --from=«ghcr.io/a/tool:1 => ${R}/ghcr/a/tool:1» /a /b
COPY --from=build /a /b
COPY --from=0 /a /b
ONBUILD COPY --from=«busybox => ${R}/docker-hub/library/busybox» /a /b
RUN --mount=type=cache,target=/x --mount=type=bind,from=«alpine => ${R}/docker-hub/library/alpine»,target=/y true --mount=from=nginx
RUN --mount=from=web,target=/y echo "FROM nginx"
RUN <<EOF && cat <<-"END" > x
FROM nginx
EOF
	FROM nginx \\
	END
FROM «redis => ${R}/docker-hub/library/redis»
COPY <<EOF /x
FROM nginx`,
    )
  })

  test('another escape character, CRLF', () => {
    changes(
      'dockerfile',
      `# escape=\`\r\n# x \`\r\nFROM \`\r\n  «nginx => ${R}/docker-hub/library/nginx»\r\nRUN dir c:\\\r\nFROM «redis => ${R}/docker-hub/library/redis»\r\n`,
    )
  })

  test('a heredoc that nothing can end', () => {
    const text = `FROM scratch\nRUN <<"${'a-'.repeat(400_000)}" x\n`
    expect(run('dockerfile', text)).toMatchObject({ text, problems: [] })
  })

  test('an ARG after the first FROM is not one of those before it', () => {
    const { problems } = run('dockerfile', 'FROM scratch\nARG B=nginx\nFROM $B\n')
    expect(problems).toMatchObject([{ code: 'image-variable', severity: 'warning', span: { start: 30 } }])
  })
})

test('list: one a line, with comments', () => {
  changes(
    'list',
    `# nginx\n\n  «nginx => ${R}/docker-hub/library/nginx»  # nginx\r\n«quay.io/a:1 => ${R}/quay/a:1»`,
  )
})

describe('variables', () => {
  test.each([
    ['nginx:${TAG}', `${R}/docker-hub/library/nginx:\${TAG}`],
    ['nginx:$TAG', `${R}/docker-hub/library/nginx:$TAG`],
    ['nginx:${TAG:-1/${X}}', `${R}/docker-hub/library/nginx:\${TAG:-1/\${X}}`],
    ['quay.io/a/b:{{inputs.parameters.tag}}', `${R}/quay/a/b:{{inputs.parameters.tag}}`],
    ['quay.io/$(params.name)', `${R}/quay/$(params.name)`],
    ['nginx@${DIGEST}', `${R}/docker-hub/library/nginx@\${DIGEST}`],
    ['quay.io/${ORG}/x${SUFFIX}:${TAG}', `${R}/quay/\${ORG}/x\${SUFFIX}:\${TAG}`],
    ['quay.io/${NAME}', `${R}/quay/\${NAME}`],
    ['bitnami/${NAME}:1', `${R}/docker-hub/bitnami/\${NAME}:1`],
    ['docker.io/library/${NAME}', `${R}/docker-hub/library/\${NAME}`],
    ['acme/${NAME}', `${R}/docker/acme/\${NAME}`],
    [`${R}/docker-hub/\${NAME}`, `${R}/docker-hub/\${NAME}`],
  ])('%s is %s', (written, wanted) => {
    expect(run('list', written)).toMatchObject({ text: wanted, problems: [] })
    expect(run('list', wanted)).toMatchObject({ text: wanted, problems: [] })
  })

  test.each([
    '${IMAGE}',
    '$REGISTRY/nginx:1',
    '${REGISTRY:-docker.io}/library/nginx',
    'nginx${SUFFIX}',
    'docker.io/${NAME}:1',
    'localhost:${PORT}/x',
    'quay${X}/a/b',
    '{{workflow.parameters.registry}}/nginx',
  ])('%s is left as it is, with a warning at its place', (written) => {
    const { text, problems } = run('list', `# x\n${written} # y\n`)
    expect(text).toBe(`# x\n${written} # y\n`)
    expect(problems).toMatchObject([
      { severity: 'warning', code: 'image-variable', span: { file: 'x', start: 4, end: 4 + written.length } },
    ])
  })
})

test.each([
  ['compose', 'services:\n  a: {image: mcr.microsoft.com/x}\n', 'image-unknown', 23],
  ['compose', 'services:\n  a: {image: "Ngin\\x78\\n"}\n', 'image-name', 24],
  ['compose', 'services:\n  a: {image: !vault nginx}\n', 'yaml-tag', 23],
  ['kubernetes', 'containers: [{image: !override nginx}]\n', 'yaml-tag', 21],
  ['compose', 'services:\n  a: {image: nginx\n', 'yaml-unclosed', 15],
  ['compose', `services: ${'['.repeat(200)}`, 'yaml-depth', undefined],
  ['kubernetes', 'a: \u0007', 'not-text', 3],
  ['dockerfile', 'FROM Nginx\n', 'image-name', 5],
  ['list', '# x\nnginx redis\n', 'image-name', 4],
  ['compose', `services: {a: {image: "\${${'a'.repeat(10_000_000)}}"}}`, 'image-name', 23],
  ['list', `\${${'a'.repeat(10_000_000)}}`, 'file-too-large', undefined],
  ['dockerfile', `FROM ${'--a '.repeat(5_000_000)}nginx`, 'file-too-large', undefined],
] as const)('what is wrong is told with its place: %s %s', (kind, text, code, start) => {
  const result = run(kind, text)
  expect(result.text).toBe(text)
  expect(result.problems).toMatchObject([
    { severity: 'error', code, ...(start !== undefined && { span: { file: 'x', start } }) },
  ])
})

test.each<[FileKind | undefined, string]>([
  ['compose', 'version: "3"\nservices:\n  a: {image: x}\n'],
  ['compose', '{"services": {}}'],
  ['kubernetes', '# services:\napiVersion: v1\nkind: Service\nservices: 1\n'],
  ['kubernetes', '- apiVersion: v1\n'],
  ['kubernetes', '{"kind":"Pod","apiVersion":"v1"}'],
  ['dockerfile', '# syntax=x\n\nARG A=b\nFROM x\n'],
  ['dockerfile', 'from nginx'],
  ['list', 'nginx\nlocalhost:5000/app\n'],
  ['list', ''],
  [undefined, 'image: nginx\n'],
  [undefined, 'a:\n  b: 1\n'],
])('kind %s is seen in %s', (kind, text) => {
  expect(kindOf(text)).toBe(kind)
})

const name = fc.constantFrom(
  'nginx',
  'docker.io/nginx',
  'a/b',
  'acme/x',
  'quay.io/a',
  'k8s.example/x',
  `${R}/quay/a`,
  `${R}/x`,
  '$A/b',
  'gcr.io/${B}',
)
const suffix = fc.constantFrom('', ':1', ':${TAG}', `@sha256:${'0a'.repeat(32)}`)
const image = fc.tuple(name, suffix).map((parts) => parts.join(''))
const noise = fc.constantFrom('', ' # nginx', '   ')
const lines: Record<FileKind, (image: string, index: number) => string> = {
  compose: (one, index) => `${index === 0 ? 'services:\n' : ''}  s${index}: {image: "${one}", x: nginx}`,
  kubernetes: (one) => `---\nkind: Pod\nspec: {containers: [{image: '${one}'}]}`,
  dockerfile: (one, index) => `FROM ${one} AS s${index}\nRUN echo nginx`,
  list: (one) => one,
}

test.each(Object.keys(lines) as FileKind[])(
  '%s: twice is once, and nothing but names of images changes',
  (kind) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(image, noise), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        (rows, crlf) => {
          const plain = rows.map(
            ([one, end], index) => `${lines[kind](one, index)}${kind === 'dockerfile' ? '' : end}`,
          )
          const text = plain.join('\n').replaceAll('\n', crlf ? '\r\n' : '\n')
          const first = run(kind, text)
          expect(run(kind, first.text)).toEqual({
            ...first,
            changes: [],
            problems: first.problems.map(movedTo(first.text)),
          })
          // Put back, they give the text that was there.
          let back = first.text
          for (const { start, from, to } of first.changes)
            back = back.slice(0, start) + from + back.slice(start + to.length)
          expect(back).toBe(text)
        },
      ),
    )
  },
)

/** A problem is where it was, but for what has grown before it. */
function movedTo(text: string) {
  return (problem: { span?: { file: string; start: number; end: number } }) => ({
    ...problem,
    span: expect.toSatisfy(
      (span: { start: number; end: number }) =>
        span.end <= text.length && span.start >= (problem.span?.start ?? 0),
    ) as unknown,
  })
}
