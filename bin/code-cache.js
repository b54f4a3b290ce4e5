// V8's code cache, kept after a run: with the functions that V8 compiles when they are first called, which are most of them.
// Node has a cache of its own since 22.8; this one takes a quarter off what a start costs with that (docs/decisions.md).
const {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require('node:fs')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')
const { crc32 } = require('node:zlib')

/**
 * A function that loads a chunk of `dist` by its name, as `require` does. Each build of the program and each version of Node has a folder
 * of its own: V8 compares the length of a source, not its text. Of each command there is one file: commands use different functions.
 */
function createLoader({ dist, folder, build, version }) {
  const file = join(
    folder,
    `${build}-${version}`,
    /^[a-z]+$/.test(process.argv[2] ?? '') ? process.argv[2] : 'start',
  )
  const known = readCache(file)
  const scripts = new Map()
  const modules = new Map()
  let complete = true

  function load(name) {
    const loaded = modules.get(name)
    if (loaded) return loaded.exports
    const module = { exports: {} }
    modules.set(name, module)
    const filename = join(dist, name)
    const cachedData = known.get(name)
    // The build writes ASCII; reading it as that is faster.
    const source = readFileSync(filename, 'latin1')
    const script = new Script(`(function(module,exports,require){${source}\n})`, { filename, cachedData })
    if (!cachedData || script.cachedDataRejected) complete = false
    scripts.set(name, script)
    script.runInThisContext()(module, module.exports, (id) =>
      id.startsWith('./') ? load(id.slice(2)) : require(id),
    )
    return module.exports
  }

  process.once('exit', (code) => {
    // A mistyped command has no file of its own.
    if (complete || (code !== 0 && code !== 2)) return
    writeCache(file, scripts)
    removeOtherBuilds(folder, build)
  })
  return load
}

/**
 * File format: a checksum of all that follows (4 bytes), the length of an index (4 bytes), the index as JSON (`[[name, offset, length], …]`),
 * the code. V8 does not check the code itself: a damaged file would end the process.
 */
function readCache(file) {
  const entries = new Map()
  try {
    const data = readOwn(file)
    if (data.readUInt32LE(0) !== crc32(data.subarray(4))) return entries
    const start = 8 + data.readUInt32LE(4)
    for (const [name, offset, length] of JSON.parse(data.toString('latin1', 8, start)))
      entries.set(name, data.subarray(start + offset, start + offset + length))
  } catch {
    // None yet, or it cannot be read: everything is compiled.
  }
  return entries
}

/** Code is run: only what this user has written is taken. */
function readOwn(file) {
  const handle = openSync(file, 'r')
  try {
    if (process.getuid && fstatSync(handle).uid !== process.getuid())
      throw new Error('somebody else wrote it')
    return readFileSync(handle)
  } finally {
    closeSync(handle)
  }
}

function writeCache(file, scripts) {
  try {
    const index = []
    const parts = []
    let offset = 0
    for (const [name, script] of scripts) {
      const code = script.createCachedData()
      index.push([name, offset, code.length])
      parts.push(code)
      offset += code.length
    }
    const names = Buffer.from(JSON.stringify(index), 'latin1')
    const content = Buffer.concat([uint32(names.length), names, ...parts])
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const next = `${file}.${process.pid}`
    writeFileSync(next, Buffer.concat([uint32(crc32(content)), content]), { mode: 0o600 })
    // Others may be starting: they find the old file or the new one.
    renameSync(next, file)
  } catch {
    // A home that cannot be written to, a full disk: the next run compiles again.
  }
}

function uint32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function removeOtherBuilds(folder, build) {
  try {
    for (const name of readdirSync(folder))
      if (!name.startsWith(`${build}-`)) rmSync(join(folder, name), { recursive: true, force: true })
  } catch {
    // They take space and do no harm.
  }
}

module.exports = { createLoader }
