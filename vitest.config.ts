import { defineConfig } from 'vitest/config'

/** What every project shares: a process of its own per file, one per core of a small machine. */
const common = {
  pool: 'forks' as const,
  maxWorkers: 2,
  // Vite would pick graphql's ES modules while Node gives everything in node_modules its CommonJS ones: two copies, two realms.
  alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  env: { APOLLO_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1', TZ: 'UTC' },
}

export default defineConfig({
  test: {
    // Once for all projects: one throwaway server, one template database per domain.
    globalSetup: ['scripts/src/testing/postgres-for-tests.ts'],
    projects: [
      {
        // Pure code: what the files import is loaded once per worker.
        test: { ...common, name: 'unit', isolate: false, include: ['{schema,router,scripts,subgraphs/*}/src/**/*.test.ts'] },
      },
      {
        test: {
          ...common,
          name: 'subgraph',
          include: ['subgraphs/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts', 'router/test/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...common,
          name: 'journey',
          include: ['journeys/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
