import type { EntryV1 } from '@reprise/contracts';
import { expect, test } from 'vitest';

import { RepriseError } from '../lib/errors/index.ts';
import { wordsOf } from '../lib/findings/index.ts';
import type { RecoveryDeps } from './deps.ts';
import { inSitu } from './place.ts';
import { historyOf, median, predictRestore, predictStep, predictWhole, previewRestore } from './runbook.ts';
import type { Target } from './target.ts';
import { aPoint } from './testing/points.ts';

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

test('as many at a time as the run takes; one unknown time makes the whole unknown', () => {
  const whole = (steps: Parameters<typeof predictWhole>[0], slots = 2) =>
    predictWhole(steps, { slots, hostOf: (step) => (step === 'far' ? 'there' : 'here') });
  const three = [timed('a', [], 5), timed('b', [], 9), timed('c', ['a', 'b'], 2)];
  expect(whole(three)).toEqual({ ms: 11, basis: 'measured' });
  expect(whole(three, 1)?.ms).toBe(16);
  expect(whole([...three, timed('far', [], 12)], 1)?.ms).toBe(16);
  expect(whole([...three, timed('d', [], 9)])?.ms).toBe(14);
  expect(whole([timed('a', [], 5, 'extrapolated')])?.basis).toBe('extrapolated');
  expect(whole([timed('a', [], 5), timed('b', ['a'], null)])).toBeNull();
  expect(whole([])).toBeNull();
});

const entry = (step: string | null, body: object, run: string | null = 'recovery'): EntryV1 =>
  ({ run, step, body }) as EntryV1;

test('history is read from the journal', () => {
  const finished = [entry('check:db', { ms: 3 }), entry('restore:db', { ms: 4 }), entry(null, { ms: 5 })];
  const back = [entry('restore:db', { component: 'db', bytes: 1, ms: 2 })];
  expect(historyOf(back, finished, new Set(['recovery']))).toEqual({
    restores: [{ component: 'db', bytes: 1, ms: 2 }],
    steps: [{ name: 'check:db', ms: 3 }],
  });
});

test('what a backup takes to check what it stored is no measure of a recovery', () => {
  const finished = [
    entry('check:db', { ms: 2900 }, 'backup'),
    entry('check:db', { ms: 9 }, 'recovery'),
    entry('check:db', { ms: 7 }, null),
  ];
  expect(historyOf([], finished, new Set(['recovery'])).steps).toEqual([{ name: 'check:db', ms: 9 }]);
});

test('a repository that cannot be looked into is said, and what a restore needs is then not known', async () => {
  const forecast = () =>
    Promise.reject(new RepriseError('repository.unreachable', { repository: 'main', url: '/r', what: 'x' }));
  const kind = {
    name: 'shelf',
    methods: { whole: { forecast } },
    isVacant: async () => ({ vacant: true, found: null, identity: null }),
  };
  const target = {
    component: { name: 'db' },
    kind,
    place: inSitu,
    spec: {},
    context: { signal: new AbortController().signal },
  } as unknown as Target;
  const deps = {
    language: 'fr',
    plan: { hash: 'a'.repeat(64), plan: { repositories: { main: { role: 'primary' } } } },
    repository: () => ({}),
    read: () => ({}),
  } as unknown as RecoveryDeps;
  const point = aPoint('db', '2026-11-20T02:00:00.000Z');
  const { restore, findings } = await previewRestore(deps, target, point, new Map(), new Date());
  expect(restore).toMatchObject({ scratch_bytes: null, would: 'restore' });
  expect(findings).toMatchObject([{ verdict: 'unable', code: 'recovery.not-forecast' }]);
  expect(findings.map((f) => wordsOf(f, 'fr').message)).toEqual([
    'Le point de db n’a pas pu être consulté dans main (il ne répond pas) : ce que demande sa restauration n’est pas connu.',
  ]);
});
