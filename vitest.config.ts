import { defineConfig } from 'vitest/config'
import { LongFirst } from './scripts/src/testing/long-first.ts'

/** What every project shares: one process per core of a small machine. */
const common = {
  pool: 'forks' as const,
  maxWorkers: 2,
  // Files keep no state in modules: what they import is loaded once per process, not once per file.
  isolate: false,
  // Vite would pick graphql's ES modules while Node gives everything in node_modules its CommonJS ones: two copies, two realms.
  alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  env: { APOLLO_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1', TZ: 'UTC' },
}

/** Proofs in a small size, a minute or two each: `npm run test:proofs`. */
const proofs = ['scripts/test/crash.test.ts', 'scripts/test/prove-*.test.ts', 'journeys/idempotency.test.ts']

export default defineConfig({
  test: {
    // Once for all projects: one throwaway server, one template database per domain.
    globalSetup: ['scripts/src/testing/postgres-for-tests.ts'],
    sequence: { sequencer: LongFirst },
    projects: [
      { test: { ...common, name: 'unit', include: ['{schema,router,scripts,subgraphs/*}/src/**/*.test.ts'] } },
      {
        test: {
          ...common,
          name: 'subgraph',
          include: ['subgraphs/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts', 'router/test/**/*.test.ts'],
          exclude: proofs,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...common,
          name: 'journey',
          include: ['journeys/**/*.test.ts'],
          exclude: proofs,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { ...common, name: 'proof', include: proofs, testTimeout: 60_000, hookTimeout: 60_000 } },
      // `npm run test:conformance` runs the same without this, and sums up.
      {
        test: {
          ...common,
          name: 'conformance',
          include: ['router/conformance/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
