#!/usr/bin/env node
// Plain JavaScript that old Node versions can parse, so that they get a sentence instead of a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 17)) {
  process.stderr.write(`nexus-docker needs Node.js 20.17 or newer; this is ${process.version}.\n`)
  process.exitCode = 1
} else {
  require('../dist/cli.cjs').main(process.argv)
}
