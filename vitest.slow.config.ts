import { defineConfig } from 'vitest/config'

// The matrices that take minutes: `npx vitest run --config vitest.slow.config.ts` after a build.
export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts'],
    env: { NO_COLOR: '1' },
    testTimeout: 600_000,
    hookTimeout: 60_000,
    // Some take both cores for themselves, others wait most of the time.
    maxWorkers: 2,
    // For the test that looks at what is held in memory.
    execArgv: ['--expose-gc'],
  },
})
