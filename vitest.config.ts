import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The matrices that take minutes have a configuration of their own: vitest.slow.config.ts.
    exclude: ['test/slow/**'],
    // Modules keep nothing that one file could leave for another, so no file starts a process and imports all of src for itself.
    isolate: false,
    env: { NO_COLOR: '1' },
    // For a test that hangs: the longest needs half a minute on a quiet machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Most tests wait for a child or a server: three at a time are faster than two, also on two cores.
    maxWorkers: 3,
  },
})
