import { fileURLToPath } from 'node:url'

/** What Node is given to start the built program, before the program's own arguments. */
export const program = [fileURLToPath(new URL('../../bin/nexus-docker.js', import.meta.url))]
