// Preloaded into a measured program: writes its peak resident memory (KiB) to the file that MEMORY_FILE names.
const { writeFileSync } = require('node:fs')

process.on('exit', () => writeFileSync(process.env.MEMORY_FILE ?? '', String(process.resourceUsage().maxRSS)))
