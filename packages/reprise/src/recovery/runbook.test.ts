import type { EntryV1 } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { criticalPath, historyOf, median, predictRestore, predictStep } from './runbook.ts';

const restored = (component: string, bytes: number, ms: number) => ({ component, bytes, ms });
const history = (restores: ReturnType<typeof restored>[]) => ({
  restores,
  steps: [{ name: 'check:db', ms: 7 }],
});

test('the middle of what was measured', () => {
  expect(median([])).toBeNull();
  expect(median([5, 1, 9])).toBe(5);
  expect(median([1, 2, 3, 10])).toBe(3);
});

test('its own restores first; else the rate of its kind, and said so; else nothing', () => {
  const kin = new Set(['db', 'other']);
  const of = { component: 'db', bytes: 2_000_000 };
  expect(predictRestore(history([restored('db', 1, 40), restored('db', 9, 60)]), of, kin)).toEqual({
    ms: 50,
    basis: 'measured',
  });
  expect(predictRestore(history([restored('other', 1_000_000, 100)]), of, kin)).toEqual({
    ms: 200,
    basis: 'extrapolated',
  });
  expect(predictRestore(history([restored('files', 1_000_000, 100)]), of, kin)).toBeNull();
  expect(predictRestore(history([restored('other', 0, 100), restored('db', 10, 0)]), of, kin)).toBeNull();
});

test('steps by their name', () => {
  expect(predictStep(history([]), 'check:db')).toEqual({ ms: 7, basis: 'measured' });
  expect(predictStep(history([]), 'check:web')).toBeNull();
});

const timed = (
  name: string,
  after: string[],
  ms: number | null,
  basis: 'measured' | 'extrapolated' = 'measured',
) => ({
  name,
  after,
  predicted: ms === null ? null : { ms, basis },
});

test('the longest way counts; one unknown time makes the whole unknown', () => {
  expect(criticalPath([timed('a', [], 5), timed('b', [], 9), timed('c', ['a', 'b'], 2)])).toEqual({
    ms: 11,
    basis: 'measured',
  });
  expect(criticalPath([timed('a', [], 5, 'extrapolated')])?.basis).toBe('extrapolated');
  expect(criticalPath([timed('a', [], 5), timed('b', ['a'], null)])).toBeNull();
  expect(criticalPath([])).toBeNull();
});

const entry = (step: string | null, body: object): EntryV1 => ({ step, body }) as EntryV1;

test('history is read from the journal', () => {
  const finished = [entry('check:db', { ms: 3 }), entry('restore:db', { ms: 4 }), entry(null, { ms: 5 })];
  expect(historyOf([entry('restore:db', { component: 'db', bytes: 1, ms: 2 })], finished)).toEqual({
    restores: [{ component: 'db', bytes: 1, ms: 2 }],
    steps: [{ name: 'check:db', ms: 3 }],
  });
});
