// Required before the built program: what V8 has compiled once is read at each start, which makes a start a third cheaper.
// The program runs as it does without. Why it has no such cache of its own: docs/explanation/decisions.md.
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const { Script } = require('node:vm')

const root = path.join(__dirname, '../../..')
const program = path.join(root, 'dist/cli.cjs')
const folder = path.join(root, 'node_modules/.cache/nexus-docker')

// eslint-disable-next-line @typescript-eslint/no-deprecated -- Node 20 has no other place to do it
const { extensions } = require

extensions['.cjs'] = (module, filename) => {
  if (filename !== program) return extensions['.js'](module, filename)
  // V8 knows a source by its length alone: another build has another time.
  const cache = path.join(folder, `${process.version}-${statSync(program).mtimeMs}`)
  const script = new Script(Module.wrap(readFileSync(program, 'utf8')), { filename, cachedData: read(cache) })
  if (process.env.WRITE_CODE_CACHE) process.on('exit', () => write(cache, script.createCachedData()))
  script.runInThisContext()(
    module.exports,
    Module.createRequire(filename),
    module,
    filename,
    path.dirname(filename),
  )
}

function read(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Whole or not at all: others may start meanwhile. */
function write(file, data) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${file}.${process.pid}`, data)
  renameSync(`${file}.${process.pid}`, file)
}
