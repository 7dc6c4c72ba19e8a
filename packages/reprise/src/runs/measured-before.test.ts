import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { predictStep } from '../recovery/runbook.ts';
import { measuredBefore } from './measured-before.ts';
import { openBare } from './testing/bare.ts';

test('a backup measures no recovery, though its steps are named alike', async () => {
  await using bare = await openBare();
  const { journal } = bare.deps;
  const finished = (recipe: string, ms: number): void => {
    const run = randomUUID();
    journal.append('run.started', { recipe, plan: null, args: {}, pid: 1 }, { run, step: null });
    journal.append('step.finished', { output: null, ms }, { run, step: 'check:db' });
  };
  finished('backup', 2900);
  expect(predictStep(measuredBefore(bare.deps), 'check:db')).toBeNull();
  finished('recover', 40);
  expect(predictStep(measuredBefore(bare.deps), 'check:db')).toEqual({ ms: 40, basis: 'measured' });
});
