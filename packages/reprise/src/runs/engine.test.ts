import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { createInstallation } from '../journal/installation.ts';
import type { Journal } from '../journal/journal.ts';
import { openJournal } from '../journal/store.ts';
import { systemClock } from '../lib/clock.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { newRecoveryKey, rootOf } from '../lib/recovery-key.ts';
import { execute, type EngineDeps } from './engine.ts';
import { lock } from './locks.ts';
import type { Recipe, Step } from './step.ts';

let home: string;
let journal: Journal;
const never = new AbortController().signal;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'engine-'));
  const root = rootOf(newRecoveryKey());
  await createInstallation({ home, clock: systemClock, system: 's', role: 'writer', version: '0', root });
  journal = await openJournal({ home, clock: systemClock, mode: 'write' });
});
afterEach(async () => {
  await journal[Symbol.asyncDispose]();
  rmSync(home, { recursive: true });
});

const deps = (more: Partial<EngineDeps> = {}): EngineDeps => ({
  journal,
  clock: systemClock,
  home,
  plan: null,
  slots: 2,
  log: () => {},
  ...more,
});
const recipe = (...steps: Step[]): Recipe => ({ name: 'r', args: { a: 1 }, steps });
const step = (
  name: string,
  after: string[],
  perform: Step['perform'] = () => Promise.resolve(name),
): Step => ({
  name,
  after,
  perform,
});
const fails = (): Promise<never> => Promise.reject(new RepriseError('capture.nothing', { component: 'x' }));

test('steps run after those they name, and outputs are handed on', async () => {
  const outcome = await execute(
    recipe(
      step('b', ['a'], (at) => Promise.resolve({ from: at.output('a') })),
      step('a', []),
    ),
    deps(),
    never,
  );
  expect(outcome.exit).toBe(0);
  expect(outcome.output('b')).toEqual({ from: 'a' });
  expect(journal.runs()[0]).toMatchObject({ state: 'finished', exit: 0 });
});

test('a failed step stops those after it, not the others; a settled one takes what there is', async () => {
  const ran: string[] = [];
  const noted = (name: string, after: string[]): Step =>
    step(name, after, () => Promise.resolve(void ran.push(name)));
  const outcome = await execute(
    recipe(
      step('a', [], fails),
      noted('after-a', ['a']),
      noted('after-after-a', ['after-a']),
      noted('other', []),
      { ...noted('state', ['other']), settled: ['after-after-a'] },
    ),
    deps(),
    never,
  );
  expect(ran).toEqual(['other', 'state']);
  expect(outcome.exit).toBe(1);
  expect(outcome.steps.map((s) => s.state)).toEqual(['failed', 'skipped', 'skipped', 'finished', 'finished']);
  expect(journal.runs()[0]).toMatchObject({ state: 'failed', error: 'capture.nothing' });
});

test('what settled without a step that had failed is done again once that is done; else it is not', async () => {
  const did: string[] = [];
  let works = false;
  const noted = (name: string, after: string[], settled: string[] = []): Step => ({
    ...step(name, after, () => Promise.resolve(void did.push(name))),
    settled,
  });
  const steps = recipe(
    step('a', [], () => (works ? Promise.resolve(void did.push('a')) : fails())),
    noted('after-a', ['a']),
    noted('b', []),
    noted('of-a', [], ['after-a']),
    noted('of-b', [], ['b']),
    noted('of-of-a', [], ['of-a']),
    noted('last', [], ['after-a', 'of-b']),
  );
  const { run } = await execute(steps, deps(), never);
  expect(did.toSorted()).toEqual(['b', 'last', 'of-a', 'of-b', 'of-of-a']);
  works = true;
  did.length = 0;
  expect((await execute(steps, deps(), never, { run, resume: true })).exit).toBe(0);
  expect(did.toSorted()).toEqual(['a', 'after-a', 'last', 'of-a', 'of-of-a']);
  did.length = 0;
  await execute(steps, deps(), never, { run, resume: true });
  expect(did).toEqual([]);
});

test('a run that was cut goes on at the first unfinished step; finished ones are not done again', async () => {
  const counts = { a: 0, b: 0, c: 0 };
  const count = (name: keyof typeof counts, after: string[]): Step =>
    step(name, after, () => Promise.resolve({ n: ++counts[name] }));
  const steps = recipe(count('a', []), count('b', ['a']), count('c', ['b']));
  const died = new Error('killed');
  const at: NonNullable<EngineDeps['at']> = (moment, name) => {
    if (moment === 'before-finished' && name === 'b') throw died;
  };
  await expect(execute(steps, deps({ at }), never)).rejects.toBe(died);
  const { run } = journal.openRuns()[0] ?? { run: '' };
  const outcome = await execute(steps, deps(), never, { run, resume: true });
  expect(counts).toEqual({ a: 1, b: 2, c: 1 });
  expect(outcome.exit).toBe(0);
  expect(journal.stepsOf(run).find((s) => s.step === 'b')?.attempt).toBe(2);
  expect(journal.openRuns()).toEqual([]);
});

test('abort: what runs is interrupted, nothing more is started, exit 130', async () => {
  const stop = new AbortController();
  const waits = step('waits', [], async (at) => {
    setTimeout(() => stop.abort(), 10);
    await systemClock.sleep(10_000, at.signal);
  });
  const outcome = await execute(
    recipe(waits, step('next', ['waits']), step('free', ['next'])),
    deps(),
    stop.signal,
  );
  expect(outcome.exit).toBe(130);
  expect(outcome.steps.every((s) => s.state === 'interrupted' || s.state === 'skipped')).toBe(true);
  expect(journal.runs()[0]?.state).toBe('interrupted');
});

test('slots bound what runs at once on one host; another host has its own', async () => {
  let now = 0;
  let most = 0;
  const slow = (name: string, host: string): Step => ({
    ...step(name, [], async () => {
      now += 1;
      most = Math.max(most, now);
      await systemClock.sleep(20, never);
      now -= 1;
    }),
    host,
  });
  await execute(recipe(...'abcdef'.split('').map((n) => slow(n, 'one'))), deps({ slots: 2 }), never);
  expect(most).toBe(2);
  most = 0;
  await execute(recipe(slow('a', 'one'), slow('b', 'two'), slow('c', 'three')), deps({ slots: 1 }), never);
  expect(most).toBe(3);
});

const exits = async (verdict: 'fail' | 'unable') =>
  (
    await execute(
      recipe(
        step('a', [], () =>
          Promise.resolve({ findings: [{ verdict, code: 'x', subject: 's', params: {} }] }),
        ),
      ),
      deps(),
      never,
    )
  ).exit;
test('findings in outputs decide the exit code: fail 1, unable 3', async () => {
  expect(await exits('unable')).toBe(3);
  expect(await exits('fail')).toBe(1);
});

test('an error that nobody foresaw is a failed step with its message, not a crash', async () => {
  const outcome = await execute(
    recipe(step('a', [], () => Promise.reject(new TypeError('odd')))),
    deps(),
    never,
  );
  expect(outcome.steps[0]?.error?.code).toBe('run.unexpected');
  expect(outcome.exit).toBe(1);
});

test('a component that another run works on is refused, naming that run', async () => {
  using _held = await lock(home, 'component-db', { run: 'other', pid: 42 });
  await expect(
    execute(recipe(step('a', [])), deps(), never, { locks: ['component-db'] }),
  ).rejects.toMatchObject({
    code: 'run.locked',
    params: { run: 'other', pid: 42 },
    exit: 4,
  });
  expect(journal.runs()).toEqual([]);
});
