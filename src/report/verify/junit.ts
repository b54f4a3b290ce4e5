import { type CheckDocument, placeText, type VerifyDocument } from './document.ts'
import { repositoriesOf } from './findings.ts'

/** The form of JUnit's reports that CI servers read: a suite for each repository, a test case for each check. */
export function renderVerifyJunit({ checks, summary }: VerifyDocument): string {
  const suites = repositoriesOf({ checks }).map((name) =>
    suite(
      name,
      checks.filter(({ repository }) => repository === name),
    ),
  )
  const { failed, skipped, milliseconds } = summary
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="nexus-docker verify" tests="${checks.length}" failures="${failed}" skipped="${skipped}" time="${seconds(milliseconds)}">`,
    ...suites,
    '</testsuites>',
  ].join('\n')
}

function suite(name: string, checks: readonly CheckDocument[]): string {
  const count = (status: CheckDocument['status']) => checks.filter((check) => check.status === status).length
  const time = checks.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  return [
    `  <testsuite name="${escaped(name)}" tests="${checks.length}" failures="${count('failed')}" skipped="${count('skipped')}" time="${seconds(time)}">`,
    ...checks.map(testCase),
    '  </testsuite>',
  ].join('\n')
}

function testCase({ repository, title, status, milliseconds, note, cause }: CheckDocument): string {
  const head = `    <testcase classname="${escaped(repository)}" name="${escaped(title)}" time="${seconds(milliseconds)}"`
  if (status === 'skipped') return `${head}><skipped message="${escaped(note ?? '')}"/></testcase>`
  if (!cause) return `${head}/>`
  const text = `${placeText(cause.where)}\n${cause.hint}`
  return `${head}><failure type="${escaped(cause.code)}" message="${escaped(cause.message)}">${escaped(text)}</failure></testcase>`
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** What no XML document may hold: XML 1.0, section 2.2. */
const noCharacter = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

function escaped(text: string): string {
  return text
    .replace(noCharacter, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
