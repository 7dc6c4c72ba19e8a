import { afterEach, beforeEach, expect, test } from 'vitest';

import { captured } from '../catalogue/fixtures.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { lock } from './locks.ts';
import { perform, runReport } from './perform.ts';
import type { Recipe } from './step.ts';
import { openBare, type Bare } from './testing/bare.ts';

let bare: Bare;
beforeEach(async () => {
  bare = await openBare();
});
afterEach(async () => await bare[Symbol.asyncDispose]());

const { signal } = new AbortController();
const done: string[] = [];
type Args = Readonly<Record<string, string | null>>;
/** Two steps; the second dies, fails or ends well. */
const command = (name: string, args: Args, ends: 'well' | 'dies' | 'fails' = 'well') => ({
  name,
  args,
  make: (given: Args): Recipe => ({
    name,
    args: given,
    steps: [
      { name: 'one', after: [], perform: () => Promise.resolve(void done.push(`one ${given['to'] ?? ''}`)) },
      {
        name: 'two',
        after: ['one'],
        perform: () =>
          ends === 'fails'
            ? Promise.reject(new RepriseError('capture.nothing', { component: 'x' }))
            : Promise.resolve(void done.push('two')),
      },
    ],
  }),
});
const act = async (
  name: string,
  args: Args,
  ends: 'well' | 'dies' | 'fails' = 'well',
  deps = bare.deps,
): Promise<boolean | undefined> => {
  done.length = 0;
  const at = (moment: string, step: string): void => {
    if (ends === 'dies' && moment === 'after-started' && step === 'two') throw new Error('killed');
  };
  const performing = perform(deps, command(name, args, ends), { signal, locks: [], at });
  if (ends === 'dies') {
    await expect(performing).rejects.toThrow('killed');
    return undefined;
  }
  return (await performing).resumed;
};

test('the same command goes on with the run that was cut: what had finished is not done again', async () => {
  await act('backup', { to: 'a' }, 'dies');
  expect(await act('backup', { to: 'a' })).toBe(true);
  expect(done).toEqual(['two']);
  expect(bare.deps.journal.runs().map((r) => r.state)).toEqual(['finished']);
  expect(await act('backup', { to: 'a' })).toBe(false); // finished: the next one is a new one
});

test('another recipe, other arguments or another plan begin a run of their own', async () => {
  await act('backup', { to: 'a' }, 'dies');
  expect(await act('maintain', { to: 'a' })).toBe(false);
  expect(await act('backup', { to: 'b' })).toBe(false);
  const changed = { ...bare.deps, plan: { ...bare.deps.plan, hash: 'b'.repeat(64) } };
  expect(await act('backup', { to: 'a' }, 'well', changed)).toBe(false);
  expect(done).toEqual(['one a', 'two']);
});

test('when it was typed does not make it another command, and the first life keeps its arguments', async () => {
  await act('recover', { to: 'a', requested_at: '2026-01-01T00:00:00.000Z' }, 'dies');
  expect(await act('recover', { to: 'a', requested_at: '2026-01-01T00:05:00.000Z' })).toBe(true);
  expect(bare.deps.journal.runs()[0]?.args).toMatchObject({ requested_at: '2026-01-01T00:00:00.000Z' });
});

test.for([
  ['backup', false],
  ['maintain', false],
  ['recover', true],
  ['restore', true],
] as const)('a %s that failed is carried on: %s', async ([name, carriedOn]) => {
  await act(name, {}, 'fails');
  expect(await act(name, {})).toBe(carriedOn);
});

/** A recovery that chose these components and then fails, and a backup that captured those. */
const choosing = (components: readonly string[]) => ({
  name: 'recover',
  args: {},
  make: (): Recipe => ({
    name: 'recover',
    args: {},
    steps: [
      {
        name: 'choose',
        after: [],
        perform: () => Promise.resolve({ components: Object.fromEntries(components.map((c) => [c, {}])) }),
      },
      {
        name: 'restore:x',
        after: ['choose'],
        perform: () => Promise.reject(new RepriseError('capture.nothing', { component: 'x' })),
      },
    ],
  }),
});
const capturing = (components: readonly string[]) => ({
  name: 'backup',
  args: {},
  make: (): Recipe => ({
    name: 'backup',
    args: {},
    steps: [
      {
        name: 'capture',
        after: [],
        perform: async (at) => {
          for (const c of components) at.append('point.captured', captured(c, c, '2026-01-01T00:00:00.000Z'));
          throw new RepriseError('capture.nothing', { component: 'x' });
        },
      },
    ],
  }),
});

test.for([
  ['nothing', true, []],
  ['another component', true, ['other']],
  ['one of its components', false, ['other', 'db']],
] as const)(
  'a recovery after which a backup captured %s is carried on: %s',
  async ([, goesOn, components]) => {
    const run = async (of: ReturnType<typeof choosing>) =>
      (await perform(bare.deps, of, { signal, locks: [] })).resumed;
    await run(choosing(['db', 'web']));
    await run(capturing(components));
    expect(await run(choosing(['db', 'web']))).toBe(goesOn);
  },
);

test('a recovery that was cut before it chose anything is over after any capture', async () => {
  await act('recover', {}, 'dies');
  await perform(bare.deps, capturing(['db']), { signal, locks: [] });
  expect(await act('recover', {})).toBe(false);
});

test('a recovery after which the whole came back with other arguments is over; in another place it is not', async () => {
  const [here, there] = [{ place: 'in-situ' }, { place: 'directory:/x' }];
  for (const ends of ['fails', 'dies'] as const) {
    await act('recover', here, ends);
    await act('recover', { ...there, until: ends });
    await act('recover', { ...here, until: ends }, 'fails');
    expect(await act('recover', here, ends === 'dies' ? 'well' : 'fails')).toBe(true);
  }
  await act('recover', { ...here, until: 'x' }, 'fails');
  await act('recover', { ...here, until: 'y' });
  expect(await act('recover', { ...here, until: 'x' })).toBe(false);
});

/** A recovery that claims these components' places, and then fails; `null`: ends well. */
const claiming = (
  name: string,
  args: Args,
  components: readonly string[],
  error: RepriseError | null = new RepriseError('capture.nothing', { component: 'x' }),
) => ({
  name,
  args,
  make: (given: Args): Recipe => ({
    name,
    args: given,
    steps: [
      {
        name: 'restore:x',
        after: [],
        perform: async (at) => {
          for (const component of components)
            at.append('place.claimed', { component, place: 'in-situ', identity: '1' });
          if (error !== null) throw error;
          await Promise.resolve();
        },
      },
    ],
  }),
});

test.for([
  ['db', false],
  ['web', true],
] as const)(
  'a recovery that claimed db is carried on after another run restored %s: %s',
  async ([other, goesOn]) => {
    const run = async (of: ReturnType<typeof claiming>) =>
      (await perform(bare.deps, of, { signal, locks: [] })).resumed;
    await run(claiming('recover', {}, ['db', 'uploads']));
    await run(claiming('restore', { component: other }, [other], null));
    expect(await run(claiming('recover', {}, ['db', 'uploads']))).toBe(goesOn);
  },
);

test.for(['recover', 'restore'])(
  'a %s that was refused before it did anything is none to go on with',
  async (name) => {
    const refused = new RepriseError('place.occupied', { component: 'x', place: 'in-situ', found: '1 file' });
    const run = async (to: string, claims: boolean): Promise<boolean> => {
      const of = claiming(name, { to }, claims ? ['x'] : [], refused);
      return (await perform(bare.deps, of, { signal, locks: [] })).resumed;
    };
    expect([await run('a', false), await run('a', false)]).toEqual([false, false]);
    expect([await run('b', true), await run('b', true)]).toEqual([false, true]);
  },
);

test('a finished recovery is not carried on', async () => {
  await act('recover', {});
  expect(await act('recover', {})).toBe(false);
});

test('a run that is alive is neither settled nor taken over', async () => {
  await act('backup', {}, 'dies');
  const run = bare.deps.journal.openRuns()[0]?.run ?? '';
  using _alive = await lock(bare.home, `run-${run}`, { run, pid: 1 });
  expect(await act('backup', {})).toBe(false);
  expect(bare.deps.journal.openRuns().map((r) => r.run)).toEqual([run]);
});

test('the report names each step, what failed with words, and what restic cost', async () => {
  const { outcome } = await perform(bare.deps, command('backup', {}, 'fails'), {
    signal,
    locks: [],
    slots: 1,
  });
  const report = runReport(bare.deps, outcome, [{ name: 'near', invocations: 7 } as never]);
  expect(report.steps.map((s) => [s.step, s.state, s.error?.code ?? null])).toEqual([
    ['one', 'finished', null],
    ['two', 'failed', 'capture.nothing'],
  ]);
  expect(report.steps[1]?.error?.message).toContain('x');
  expect(report.restic_calls).toEqual({ near: 7 });
});
