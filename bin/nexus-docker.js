#!/usr/bin/env node
// Plain JavaScript that old Node versions can parse, so that they get a sentence instead of a syntax error.
import process from 'node:process'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 17)) {
  process.stderr.write(`nexus-docker needs Node.js 20.17 or newer; this is ${process.version}.\n`)
  process.exitCode = 1
} else {
  const { default: nodeModule } = await import('node:module')
  nodeModule.enableCompileCache?.() // Node >= 22.8: a few per cent faster, free
  const { main } = await import('../dist/cli.js')
  await main(process.argv)
}
