import { defineConfig } from 'vitest/config';

import { inMemory } from './tools/memory.ts';

/**
 * Suites as vitest projects. `tools/suites.ts` runs them one after the other and closes with one line;
 * `vitest run --project unit <folder>` is the quick way while working.
 */
const suite = (name: string, timeout: number, more: { include?: string[]; exclude?: string[] } = {}) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    globalSetup: ['./test/testbed/quickRestic.ts'],
    // Much of it is waiting (restic sleeps 0.2 s for each lock): more files at once than there are cores.
    maxWorkers: 3,
    testTimeout: timeout,
    hookTimeout: timeout,
    ...more,
  },
});

/**
 * Coverage of the unit suite (`tools/suites.ts unit`). Pure decisions have no untested branch; the other stages that unit
 * tests are meant for stay above the floor. Adapters to real servers, the recipes and the command line are judged by the
 * integration, conformance, sabotage and fault suites instead, in processes of their own, where lines are not counted.
 * A file is added to `pureDecisions` when it comes into being.
 */
const judged = ['capture', 'catalogue', 'journal', 'plan', 'recovery', 'schedule', 'services'];
const judgedRuns = 'packages/reprise/src/runs/{engine,perform,settle,units}.ts';
const pureDecisions: readonly string[] = [
  'packages/contracts/src/{exit,finding}.ts',
  'packages/reprise/src/capture/capture.ts',
  'packages/reprise/src/catalogue/{debris,judged,project,retention}.ts',
  'packages/reprise/src/journal/{branches,canonical,chain,lineage}.ts',
  'packages/reprise/src/lib/cron.ts',
  'packages/reprise/src/plan/{feasibility,order,planned,resolve,rhythm}.ts',
  'packages/reprise/src/plan/feasibility/*.ts',
  'packages/reprise/src/recovery/{choose,measure,order,vacancy,vacate}.ts',
  'packages/reprise/src/runs/{engine,maintain-decide,perform,settle,units}.ts',
  'packages/reprise/src/schedule/due.ts',
];
const floor = { branches: 85, lines: 85, functions: 85, statements: 85 };

export default defineConfig({
  test: {
    pool: 'forks',
    // Worlds are apart from each other: folders, ports, servers.
    maxWorkers: 2,
    // Real servers, real kills, two shared cores: in CI a failed test is tried once more, and named if that was needed.
    retry: process.env['CI'] === undefined ? 0 : 1,
    reporters: ['default', './tools/closing-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          exclude: ['test/walls.test.ts'],
          testTimeout: 20_000,
          // A module loaded once serves all files (nothing in them is global), and no test waits for the disk.
          isolate: false,
          env: inMemory(),
        },
      },
      // Plants violations and lints them: its own suite, so that a failing wall is named as one.
      { extends: true, test: { name: 'walls', include: ['test/walls.test.ts'], testTimeout: 30_000 } },
      suite('integration', 240_000),
      suite('conformance', 240_000),
      suite('sabotage', 240_000),
      suite('faults', 300_000),
    ],
    coverage: {
      provider: 'v8',
      include: [
        ...judged.map((folder) => `packages/reprise/src/${folder}/**/*.ts`),
        judgedRuns,
        ...pureDecisions,
      ],
      exclude: ['**/*.test.ts', '**/testing/**', '**/fixtures.ts', '**/test-kinds.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: {
        ...floor,
        ...Object.fromEntries(pureDecisions.map((file) => [file, { branches: 100 }])),
      },
    },
  },
});
