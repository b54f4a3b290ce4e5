import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Facts, ServerLook, Situation } from '../../src/init/answers.ts'
import { fillTemplate, readTemplate } from '../../src/init/fill-template.ts'
import { changeAnswer, changeable, runInit } from '../../src/init/flow.ts'
import { offeredProxy } from '../../src/init/proxy-offer.ts'
import { renderFile } from '../../src/init/render-file.ts'
import { templates } from '../../src/init/templates.ts'
import type { ServerInfo } from '../../src/nexus/connection.ts'
import { loadText } from '../../src/run/init/load-text.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import { applyOn, nexusOf, planOn } from './in-process.ts'
import { type AskedQuestion, type ScriptedAsker, scriptedAsker } from './scripted-asker.ts'

export const templateNames = Object.keys(templates)

export function exampleText(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../examples/${name}/repos.yml`, import.meta.url)), 'utf8')
}

/** What a look at a server of that version finds; without one, nothing answers. */
export function lookOf(server: ServerInfo | undefined, busyPorts: readonly number[] = []): ServerLook {
  const sentence = server ? `Nexus ${server.version}` : 'nothing answers'
  return { server, sentence, busyPorts: new Map(busyPorts.map((port) => [port, 'nginx'])) }
}

/** Facts of a machine without a proxy and of no server, unless said otherwise. */
export function factsOf(options: { server?: ServerInfo; busyPorts?: number[] } & Partial<Facts> = {}): Facts {
  const { server, busyPorts, ...facts } = options
  return {
    defaultUrl: 'http://localhost:8081',
    proxy: undefined,
    template: undefined,
    present: {},
    look: () => Promise.resolve(lookOf(server, busyPorts)),
    ...facts,
  }
}

export function templateFacts(name: string): Pick<Facts, 'template'> {
  return { template: readTemplate(name, exampleText(name)) }
}

/** The file as the command writes it. */
export function textOf(situation: Situation): string {
  const { template } = situation.facts
  return template ? fillTemplate(exampleText(template.name), situation) : renderFile(situation)
}

const versions = ['3.28.0', '3.41.1', '3.77.1', '3.83.0', '3.89.0', '3.90.0', '3.96.0']

const environments = fc.record(
  {
    HTTPS_PROXY: fc.constantFrom(
      'http://proxy.corp:3128',
      'http://jane:canary-secret@10.1.2.3:8080/',
      'proxy:3128',
      'http://127.0.0.1:30888',
      'https://secure.corp:443',
      'socks5://socks.corp:1080',
      'http://%zz:x@p:1',
    ),
    NO_PROXY: fc
      .array(
        fc.oneof(
          fc.constantFrom('localhost', '127.0.0.1', '::1', '.corp', '*.corp', 'corp.example', '10.0.0.0/8'),
          fc.constantFrom(
            '172.16.0.0/12',
            '192.168.1.0/24',
            '10.0.0.0/9',
            'a*b',
            '*',
            'x|y',
            'host:8080',
            'ünï.de',
          ),
          fc.string({ maxLength: 6 }),
        ),
        { maxLength: 6 },
      )
      .map((entries) => entries.join(',')),
  },
  { requiredKeys: [] },
)

/** Everything that a conversation starts from. */
export interface Start {
  server: ServerInfo | undefined
  busyPorts: number[]
  environment: Record<string, string>
  template: string | undefined
  defaultUrl: string
  /** What the asker's choices are drawn from, in turn. */
  dice: number[]
  /** How many answers are changed at the end. */
  changes: number
}

export const starts: fc.Arbitrary<Start> = fc.record({
  server: fc.option(
    fc.record({
      version: fc.constantFrom(...versions),
      edition: fc.constantFrom('oss', 'community', 'pro', 'unknown'),
    }),
    { nil: undefined },
  ),
  busyPorts: fc.subarray([8081, 8082, 8083, 8084, 5000, 5001]),
  environment: environments,
  template: fc.option(fc.constantFrom(...templateNames), { nil: undefined, freq: 2 }),
  defaultUrl: fc.constantFrom('http://localhost:8081', 'https://nexus.corp', 'http://nexus.corp:8082/nexus'),
  dice: fc.array(fc.nat({ max: 999 }), { minLength: 5, maxLength: 60 }),
  changes: fc.nat({ max: 3 }),
})

/** What people type where a text is asked for; among it what has to be refused. */
const typed: readonly [question: RegExp, texts: readonly string[]][] = [
  [
    /^What is the address of Nexus/,
    [
      'http://nexus:9000',
      'https://n.corp/nexus/',
      'http://[::1]:8081',
      'http://u:p@h',
      'nexus',
      'http://h/a$b{c}',
    ],
  ],
  [
    /^Address of the/,
    [
      'registry.corp',
      'http://r.corp:5000/path/',
      'https://u:canary-secret@r.corp',
      'https://ghcr.io',
      'hub.docker.com',
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      'r.corp/v2/',
      'a b',
      'https://r.corp?x=${Y}',
      '',
    ],
  ],
  [/^The name of its repository/, ['partner', 'Partner', 'docker', '1.2', 'true', 'null', 'a b', '_x', '']],
  [/^Port/, ['9000', '9001', '443', '8082', '8081', '0', '70000', 'x', '', ' 9002 ']],
  [
    /^(?:Public host name|Host name for pushes)/,
    [
      'none',
      '',
      'registry.example.com',
      'Registry.example.com:443',
      'nexus.corp',
      'localhost',
      'localhost:8082',
      'nexus:8081',
      'registry-backup.bressure.net:5000',
      '10.0.0.5',
      '[::1]:5000',
      '1e3',
      'true',
      'https://registry.example.com/',
      'a b',
    ],
  ],
  [/^Path of (?:the certificate|its key)/, ['/etc/ssl/own.pem', 'a b: c # d', '${X}/y', ' ', 'true']],
  [/^Proxy address/, ['proxy.corp:3128', 'http://jane@p.corp:80', '[::1]:3128']],
  [/^User name/, ['', 'jane', 'CORP\\jane', '"q" # ${X}', 'ja: ne', '- x']],
  [/^Hosts reached/, ['none', 'localhost', '*.corp 10.*, [::1]', '10.0.0.0/8', 'true, null, 1.2', 'a*a']],
  [/^Name of the blob/, ['images', 'true', '123', '-x', 'Default', 'a b', 'NULL', '1e3', '0x1', '']],
  [/^Warn when/, ['none', '10 GiB', '500MB', '0', '1.5 TB', 'much', '123', '1 B']],
  [/^Path of the file/, ['/nexus-data/admin.password', 'a b: c # d', '${X}/y', '"', '~', ' x ', 'true']],
  [/^Name of the variable/, ['FIRST', 'x y', '1A', '_a']],
]

/** Answers by the dice: any choice, any subset, a text of the list or the default. */
function diceAsker(dice: readonly number[]): ScriptedAsker {
  let index = 0
  let more = 0
  const roll = () => dice[index++ % dice.length] ?? 0
  return scriptedAsker((question: AskedQuestion) => {
    // Dice that are few and even would have no end of others.
    if (question.message.startsWith('Another one') && ++more > 2) return false
    if (question.kind === 'confirm') return roll() % 2 === 0
    if (question.kind === 'select') return question.choices[roll() % question.choices.length]?.value
    if (question.kind === 'checkbox')
      return question.choices.filter(() => roll() % 3 === 0).map(({ value }) => value)
    const [, texts = []] = typed.find(([start]) => start.test(question.message)) ?? []
    if (texts.length === 0) throw new Error(`no texts for ${question.message}`)
    const mustBeTyped = question.default === ''
    return roll() % 3 === 0 && !mustBeTyped ? undefined : texts[roll() % texts.length]
  })
}

/** A whole conversation, with answers changed at its end. */
export async function converse(start: Start): Promise<{ situation: Situation; asker: ScriptedAsker }> {
  const { server, busyPorts, environment, template, defaultUrl, dice, changes } = start
  const asker = diceAsker(dice)
  const facts = factsOf({
    busyPorts,
    defaultUrl,
    proxy: offeredProxy(environment),
    ...(server && { server }),
    ...(template !== undefined && templateFacts(template)),
  })
  let { situation } = await runInit(asker, facts)
  for (let count = 0; count < changes; count++) {
    const open = changeable(situation)
    const chosen = open[(dice[count] ?? 0) % open.length]
    if (chosen) situation = await changeAnswer(chosen.question, situation, asker)
  }
  return { situation, asker }
}

/** Applies the file of a conversation to a server of the version that was seen, and plans again. */
export async function settles(start: Start): Promise<void> {
  const { situation } = await converse(start)
  const { config } = await loadText(textOf(situation))
  if (!config) throw new Error('no configuration')
  const { version = '3.90.0', edition = 'unknown' } = start.server ?? {}
  const sandbox = await startSandbox({
    version,
    ...(edition === 'pro' && { edition }),
  })
  const nexus = nexusOf(sandbox)
  try {
    const { plan } = await planOn(nexus, config)
    expect(plan.changes.length).toBeGreaterThan(0)
    const { failed } = await applyOn(nexus, plan, config)
    expect(failed.map(({ error }) => error.message)).toEqual([])
    expect((await planOn(nexus, config)).plan.changes).toEqual([])
  } finally {
    nexus.close()
    await sandbox.close()
  }
}
