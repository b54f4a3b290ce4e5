// Preloaded by the scripts that need packages: without `npm ci` they end with one sentence instead of Node's own words about a module.
// usage: node --import ./scripts/lib/packages-there.js SCRIPT
import { existsSync } from 'node:fs'

if (!existsSync(new URL('../../node_modules/', import.meta.url))) {
  console.error('the packages that this needs are not there: run npm ci first')
  process.exit(1)
}
