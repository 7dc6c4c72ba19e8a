import * as fc from 'fast-check';
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

const execution = async (
  steps: readonly Step[],
  more: object = {},
  at?: EngineDeps['at'],
  until = signal,
) => {
  const { journal, clock, home, log } = bare.deps;
  const deps: EngineDeps = { journal, clock, home, log, plan: null, slots: 2, at };
  const recipe: Recipe = { name: 'r', args: {}, steps };
  return await execute(recipe, deps, until, more);
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

test('interrupted before it goes on: nothing is asked, nothing is done, and it stays to be resumed', async () => {
  const { journal } = bare.deps;
  const happened: string[] = [];
  const first: Step = {
    ...step('a', [], well),
    still: () => Promise.resolve(happened.push('asked') > 0),
  };
  const second = step('b', ['a'], async () => {
    happened.push('b');
    if (happened.length === 1) throw new RepriseError('capture.nothing', { component: 'x' });
    return await well();
  });
  const { run } = await execution([first, second]);
  expect(
    await execution([first, second], { run, resume: true }, undefined, AbortSignal.abort()),
  ).toMatchObject({
    exit: 130,
    steps: [
      { step: 'a', state: 'finished' },
      { step: 'b', state: 'interrupted' },
    ],
  });
  expect(happened).toEqual(['b']);
  expect(journal.runs()[0]).toMatchObject({ run, state: 'interrupted' });
  expect((await execution([first, second], { run, resume: true })).exit).toBe(0);
  expect(happened).toEqual(['b', 'asked', 'b']);
});

test('a failure whose details no journal can hold is journaled all the same', async () => {
  const params = { component: 'half a pair: \ud800', bytes: 0.5, ratio: Number.NaN, ms: 7 };
  const odd = new RepriseError('capture.nothing', params);
  const { run, exit } = await execution([step('a', [], () => Promise.reject(odd))]);
  expect(exit).toBe(1);
  const [entry] = [...bare.deps.journal.entries({ run, type: 'step.failed' })];
  expect(entry?.body['params']).toEqual({
    component: 'half a pair: \ufffd',
    bytes: '0.5',
    ratio: 'NaN',
    ms: 7,
  });
});

test('a journal that fails for the second of two steps that end together ends the run loudly', async () => {
  const two = [step('a', [], well), step('b', [], well), step('c', ['b'], well)];
  const full = new Error('disk full');
  const at: EngineDeps['at'] = (moment, name) => {
    if (moment === 'before-finished' && name === 'b') throw full;
  };
  await expect(execution(two, {}, at)).rejects.toBe(full);
  expect(bare.deps.journal.openRuns()).toHaveLength(1);
});

/** Steps that name some of those before them, listed in any order. */
const graph = fc
  .array(fc.array(fc.nat(6), { maxLength: 3 }), { minLength: 1, maxLength: 6 })
  .chain((edges) => {
    const steps = edges.map((after, i) => ({
      name: `s${i}`,
      after: i === 0 ? [] : [...new Set(after.map((a) => `s${a % i}`))],
    }));
    return fc.shuffledSubarray(steps, { minLength: steps.length });
  });

test('whatever the graph and what fails: none before those it names, and only what stands on a failure is left out', async () => {
  await fc.assert(
    fc.asyncProperty(graph, fc.uniqueArray(fc.nat(5), { maxLength: 2 }), async (shape, failing) => {
      const fails = new Set(failing.map((i) => `s${i}`));
      const ended = new Set<string>();
      const steps = shape.map(({ name, after }) =>
        step(name, after, async () => {
          expect(after.filter((a) => !ended.has(a))).toEqual([]);
          if (fails.has(name)) throw new RepriseError('capture.nothing', { component: name });
          await Promise.resolve();
          ended.add(name);
        }),
      );
      const { steps: outcomes } = await execution(steps);
      const after = new Map(shape.map((s) => [s.name, s.after]));
      const hopeless = (name: string): boolean =>
        (after.get(name) ?? []).some((a) => fails.has(a) || hopeless(a));
      for (const { step: name, state } of outcomes)
        expect([name, state]).toEqual([
          name,
          hopeless(name) ? 'skipped' : fails.has(name) ? 'failed' : 'finished',
        ]);
    }),
    { numRuns: 40 },
  );
});

test('wherever it dies, and dies again: it goes on to the end, and what was finished is not done again', async () => {
  const deaths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(graph, deaths, async (shape, moments) => {
      const { journal } = bare.deps;
      const steps = shape.map(({ name, after }) => step(name, after, well));
      const before = new Set(journal.runs().map((r) => r.run));
      const ours = () => journal.runs().find((r) => !before.has(r.run))?.run;
      const dies = (count: number) => () => {
        if (--count === 0) throw new Error('killed');
      };
      for (const moment of moments) {
        const run = ours();
        const more = run === undefined ? {} : { run, resume: true };
        await execution(steps, more, dies(moment)).catch((e: Error) => expect(e.message).toBe('killed'));
      }
      const run = ours() as string;
      const outcome = await execution(steps, { run, resume: true });
      expect(outcome.steps.map((s) => s.state)).toEqual(shape.map(() => 'finished'));

      const entries = [...journal.entries({ run })];
      const at = (type: string, of: string): number[] =>
        entries.flatMap((e, i) => (e.type === type && e.step === of ? [i] : []));
      for (const { name, after } of shape) {
        const [finished = -1, ...again] = at('step.finished', name);
        const started = at('step.started', name);
        expect(again).toEqual([]);
        expect(started.filter((i) => i > finished)).toEqual([]);
        for (const a of after) expect(at('step.finished', a)[0]).toBeLessThan(started[0] as number);
        // Each life of a step is numbered.
        expect(started.map((i) => entries[i]?.body['attempt'])).toEqual(started.map((_, i) => i + 1));
      }
    }),
    { numRuns: 40 },
  );
});
