// Loads the built program with the compiled code of an earlier run: half of what a start costs is V8 compiling JavaScript.
const { statSync } = require('node:fs')
const { homedir } = require('node:os')
const { isAbsolute, join } = require('node:path')
const { createLoader } = require('./code-cache.js')
const { build } = require('../dist/package.json')

/** The program's entry. Whatever is wrong with the cache makes a start slower and nothing else. */
function loadProgram() {
  const folder = cacheFolder()
  if (!folder) return require('../dist/cli.js')
  const version = `${process.version}-${process.arch}`
  return createLoader({ dist: join(__dirname, '..', 'dist'), folder, build, version })('cli.js')
}

/** Where the user's caches are (XDG base directory specification); undefined where caching is off or there is no home of this user's. */
function cacheFolder() {
  if (process.env.NODE_DISABLE_COMPILE_CACHE) return undefined
  const given = process.env.XDG_CACHE_HOME ?? ''
  if (isAbsolute(given)) return join(given, 'nexus-docker')
  try {
    const home = homedir()
    // sudo keeps HOME: what root wrote there its owner could neither use nor remove.
    if (process.getuid && statSync(home).uid !== process.getuid()) return undefined
    return join(home, '.cache', 'nexus-docker')
  } catch {
    return undefined // a user without an entry in the password file, or without a home, as in some containers
  }
}

module.exports = { loadProgram }
