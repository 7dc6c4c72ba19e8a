import { defineConfig } from 'vitest/config';

/**
 * Suites as vitest projects. `tools/suites.ts` runs them one after the other and closes with one line;
 * `vitest run --project unit <folder>` is the quick way while working.
 */
const suite = (name: string, timeout: number, parallel = false) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeout,
    hookTimeout: timeout,
    fileParallelism: parallel,
  },
});

/**
 * Coverage, wired into `vitest run --project unit --coverage`. Pure decisions have no untested branch; everything
 * else that unit tests are meant for stays above the floor. Adapters to real servers are judged by the integration
 * and conformance suites instead. A file is added to `pureDecisions` when it comes into being.
 */
const pureDecisions: readonly string[] = [
  'packages/reprise/src/recovery/{choose,measure,order,vacancy}.ts',
  'packages/reprise/src/journal/{branches,canonical,chain,lineage}.ts',
  'packages/reprise/src/catalogue/{debris,judged,project,retention}.ts',
  'packages/reprise/src/plan/{feasibility,order}.ts',
  'packages/reprise/src/plan/feasibility/*.ts',
  'packages/reprise/src/schedule/due.ts',
  'packages/reprise/src/lib/cron.ts',
];
const floor = { branches: 85, lines: 85, functions: 85, statements: 85 };

export default defineConfig({
  test: {
    pool: 'forks',
    reporters: ['default', './tools/closing-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          exclude: ['test/walls.test.ts'],
          testTimeout: 20_000,
        },
      },
      // Plants violations and lints them: its own suite, so that a failing wall is named as one.
      { extends: true, test: { name: 'walls', include: ['test/walls.test.ts'], testTimeout: 30_000 } },
      suite('integration', 120_000),
      suite('conformance', 120_000),
      suite('sabotage', 120_000),
      suite('faults', 300_000),
      // Never part of `make test`: breaks the sources on purpose (`make test-mutants`).
      suite('mutants', 900_000),
      // Needs a container engine (`make test-systems`).
      suite('systems', 900_000),
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: {
        ...floor,
        ...Object.fromEntries(pureDecisions.map((file) => [file, { branches: 100 }])),
      },
    },
  },
});
