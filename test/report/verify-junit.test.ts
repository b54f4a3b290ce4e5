import { expect, it } from 'vitest'
import type { VerifyDocument } from '../../src/report/verify/document.ts'
import { renderVerifyJunit } from '../../src/report/verify/junit.ts'

/** What XML 1.0 lets a document hold (section 2.2), and no markup of somebody else's. */
it('what a registry says cannot make the report unreadable', () => {
  const said = 'a]]></failure>&<b>"\'\u0000\u001b\ud800\ufffe\uffff 🙂'
  const document = {
    checks: [
      {
        id: 'ours.push',
        repository: 'ours',
        title: said,
        status: 'failed',
        milliseconds: 1,
        cause: { code: 'unexplained', message: said, hint: said, where: { kind: 'server', setting: said } },
      },
    ],
    summary: { passed: 0, failed: 1, skipped: 0, milliseconds: 1 },
  } as unknown as VerifyDocument
  const report = renderVerifyJunit(document)
  expect(report).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u)
  expect(report.match(/<[^>]*/g)?.map((tag) => tag.split(/[\s/]/)[0] || tag)).not.toContain('<b')
  expect(report.match(/<\/failure>/g)).toHaveLength(1)
  expect(report).toContain('🙂')
})
