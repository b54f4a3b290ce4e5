import { fileURLToPath } from 'node:url'

const hook = fileURLToPath(new URL('code-cache.cjs', import.meta.url))

const bin = fileURLToPath(new URL('../../../bin/nexus-docker.js', import.meta.url))

/** What Node is given to start the built program, before the program's own arguments. */
export const program = ['--require', hook, bin]
