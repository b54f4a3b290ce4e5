// GitHub's own parser of workflows and actions. It is made for bundlers (it imports JSON as node does not), so it is bundled first.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import type { parseAction } from '@actions/workflow-parser/actions/action-parser'
import { build } from 'esbuild'
import { root } from './ci-files.ts'

interface Parser {
  NoOperationTraceWriter: typeof NoOperationTraceWriter
  parseWorkflow: typeof parseWorkflow
  parseAction: typeof parseAction
}

const exported = `
  export { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
  export { parseAction } from '@actions/workflow-parser/actions/action-parser'
`

/** What GitHub would complain about in a workflow or an action. */
export async function githubParser(): Promise<Record<'workflow' | 'action', (text: string) => string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-docker-parser-'))
  const outfile = join(folder, 'parser.cjs')
  const stdin = { contents: exported, resolveDir: root }
  await build({ stdin, outfile, bundle: true, format: 'cjs', platform: 'node' })
  const parser = createRequire(import.meta.url)(outfile) as Parser
  rmSync(folder, { recursive: true })
  const trace = new parser.NoOperationTraceWriter()
  const errors = ({ context }: ReturnType<typeof parseWorkflow>) =>
    context.errors.getErrors().map(({ message }) => message)
  return {
    workflow: (content) => errors(parser.parseWorkflow({ name: 'workflow.yml', content }, trace)),
    action: (content) => errors(parser.parseAction({ name: 'action.yml', content }, trace)),
  }
}
