import { afterEach, beforeEach, expect, test } from 'vitest';

import { RepriseError } from '../lib/errors/index.ts';
import { execute, type EngineDeps } from './engine.ts';
import type { Recipe, Step } from './step.ts';
import { openBare, type Bare } from './testing/bare.ts';

let bare: Bare;
beforeEach(async () => {
  bare = await openBare();
});
afterEach(async () => await bare[Symbol.asyncDispose]());
const { signal } = new AbortController();

const execution = async (steps: readonly Step[], more: object = {}) => {
  const { journal, clock, home, log } = bare.deps;
  const deps: EngineDeps = { journal, clock, home, log, plan: null, slots: 2 };
  const recipe: Recipe = { name: 'r', args: {}, steps };
  return await execute(recipe, deps, signal, more);
};
const step = (name: string, after: string[], perform: Step['perform']): Step => ({ name, after, perform });
const well = async (): Promise<number> => await Promise.resolve(1);

test('an output that is not there yet is a mistake of the recipe, and said', async () => {
  const { steps, exit } = await execution([
    step('a', [], (at) => Promise.resolve(at.output('b'))),
    step('b', [], well),
  ]);
  expect(steps[0]?.error?.message).toContain('b');
  expect(exit).toBe(1);
});

test('steps that wait for each other are skipped, not waited for', async () => {
  const { steps } = await execution([step('a', ['b'], well), step('b', ['a'], well), step('c', [], well)]);
  expect(steps.map((s) => s.state)).toEqual(['skipped', 'skipped', 'finished']);
});

test('a run that waits for a person stays open, and goes on when asked again', async () => {
  let answered = false;
  const asks = step('ask', [], async () => {
    if (!answered) throw new RepriseError('run.approval-missing', { run: 'r', step: 'ask', text: 'call' });
    return await well();
  });
  const first = await execution([asks, step('then', ['ask'], well)]);
  expect(first.exit).toBe(4);
  expect(bare.deps.journal.openRuns().map((r) => r.run)).toEqual([first.run]);
  answered = true;
  const second = await execution([asks, step('then', ['ask'], well)], { run: first.run, resume: true });
  expect(second.exit).toBe(0);
  expect(bare.deps.journal.openRuns()).toEqual([]);
});

test('what is thrown and no error is told too', async () => {
  const { steps } = await execution([step('a', [], () => Promise.reject('odd'))]);
  expect(steps[0]?.error?.message).toContain('odd');
});
