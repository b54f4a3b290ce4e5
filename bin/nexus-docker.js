#!/usr/bin/env node
// Plain JavaScript that old Node versions can parse, so that they get a sentence instead of a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 17)) {
  process.stderr.write(`nexus-docker needs Node.js 20.17 or newer; this is ${process.version}.\n`)
  process.exitCode = 1
} else {
  // Named apart from the calls, so that the compiler does not check what the build wrote.
  const program = `${__dirname}/../dist/cli.cjs`
  const commands = `${__dirname}/../dist/commands.cjs`
  if (require('node:fs').existsSync(program)) require(program).main(process.argv, () => require(commands))
  else {
    // A checkout, or an installation from git by an npm that was told to run no scripts.
    const folder = require('node:path').dirname(__dirname)
    process.stderr.write(`nexus-docker is not built: run npm ci && npm run build in ${folder} first.\n`)
    process.exitCode = 1
  }
}
