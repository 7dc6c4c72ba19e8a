import { expect, test } from 'vitest';

import { choosePoints, copiesInOrder, onHostClock, spreadOf, type Choice, type Wish } from './choose.ts';
import { aCopy, aPoint } from './testing/points.ts';

const wish = (more: Partial<Wish> = {}): Wish => ({ until: null, point: null, ...more });
const [t1, t2, t3] = [
  '2026-01-01T01:00:00.000Z',
  '2026-01-01T02:00:00.000Z',
  '2026-01-01T03:00:00.000Z',
] as const;
const choose = (points: Parameters<typeof choosePoints>[1], w = wish(), group: string | null = null) =>
  choosePoints([{ name: 'db', group }], points, w).get('db');

test('the newest good one, whatever the order they come in', () => {
  const points = [aPoint('db', t1), aPoint('db', t3), aPoint('db', t2), aPoint('other', t3)];
  expect(choose(points)).toMatchObject({ point: { id: `db@${t3}` }, because: 'newest', missing: null });
});

test.each([
  ['fork', { fork: true }, 'all-forks', 'fork'],
  ['from the future', { future: true }, 'all-future', 'future'],
  ['uncommitted', { copies: [aCopy('main', 's', { committed: null })] }, 'uncommitted', 'uncommitted'],
  ['failed', { verdict: 'fail' }, 'all-failed', 'failed'],
] as const)(
  'never one that is %s of its own accord, and it is said that it is there',
  (_, defect, missing, why) => {
    const bad = aPoint('db', t3, defect as never);
    expect(choose([bad, aPoint('db', t1)])).toMatchObject({
      point: { id: `db@${t1}` },
      because: 'newest-good',
      passedOver: [{ point: { id: `db@${t3}` }, why }],
    });
    expect(choose([bad, aPoint('db', t1)], wish({ until: new Date(t2) }))).toMatchObject({
      because: 'newest',
      passedOver: [],
    });
    expect(choose([bad])).toMatchObject({ point: null, missing });
  },
);

test('no data later than until, by the clock of this host', () => {
  const ahead = aPoint('db', t3, { as_of: { from: t3, to: t3, clock: 'server', offset_ms: 7_200_000 } });
  expect(onHostClock(ahead.as_of, 'to')).toBe(Date.parse(t1));
  expect(choose([aPoint('db', t2), ahead], wish({ until: new Date(t1) }))?.point).toBe(ahead);
  expect(choose([aPoint('db', t2)], wish({ until: new Date(t1) }))).toMatchObject({
    point: null,
    missing: 'all-later',
  });
});

test('of two as of the same moment, always the same one; an unknown offset counts as none', () => {
  const asOf = { from: t1, to: t1, clock: 'server', offset_ms: null } as const;
  const [a, b] = [aPoint('db', t1, { id: 'a', as_of: asOf }), aPoint('db', t1, { id: 'b', as_of: asOf })];
  expect(choose([a, b])?.point).toBe(a);
  expect(choose([b, a])?.point).toBe(a);
});

test('a fuzzy capture counts by its end', () => {
  const fuzzy = aPoint('db', t1, { as_of: { from: t1, to: t3, clock: 'host', offset_ms: null } });
  expect(choose([fuzzy], wish({ until: new Date(t2) }))?.point).toBeNull();
});

test('a named one may be a fork, never an incomplete or unknown one', () => {
  const fork = aPoint('db', t1, { fork: true });
  const pending = aPoint('db', t2, { copies: [aCopy('main', 's', { committed: false })] });
  const all = [fork, pending, aPoint('db', t3), aPoint('web', t3)];
  expect(choose(all, wish({ point: fork.id }))).toMatchObject({ point: fork, because: 'named' });
  expect(choose(all, wish({ point: pending.id }))).toMatchObject({ point: null, missing: 'uncommitted' });
  expect(choose(all, wish({ point: `web@${t3}` }))).toMatchObject({ point: null, missing: 'unknown-id' });
  expect(choose([])).toMatchObject({ point: null, missing: 'none' });
});

const of = (name: string, at: string, id: string) => aPoint(name, at, { group: { name: 'app', id } });

test('a group is restored from one capture, even when a member has a newer point', () => {
  const points = [of('db', t1, 'g1'), of('up', t1, 'g1'), of('db', t2, 'g2'), aPoint('up', t3)];
  const members = [
    { name: 'db', group: 'app' },
    { name: 'up', group: 'app' },
    { name: 'conf', group: null },
  ];
  const chosen = choosePoints(members, [...points, aPoint('conf', t3)], wish());
  const later = (c: Choice) => c.passedOver.map((l) => [l.point.id, l.why].join(' '));
  expect([...chosen.values()].map((c) => [c.point?.id, c.because, later(c)])).toEqual([
    [`db@${t1}`, 'group', [`db@${t2} group`]],
    [`up@${t1}`, 'group', [`up@${t3} group`]],
    [`conf@${t3}`, 'newest', []],
  ]);
  const apart = choosePoints(members.slice(0, 2), [aPoint('db', t1), aPoint('up', t3)], wish());
  expect([...apart.values()].map((c) => c.because)).toEqual(['newest', 'newest']);
  expect(spreadOf([...apart.values()].flatMap((c) => c.point ?? []))).toBe(7_200_000);
  expect(spreadOf([])).toBeNull();
});

test('copies: a repository that failed comes last, then by what is known of them, by level, by role, by the plan', () => {
  const point = aPoint('db', t1, {
    copies: [
      aCopy('main', 'a', { level: 'stored' }),
      aCopy('off', 'b'),
      aCopy('third', 'c'),
      aCopy('maybe', 'd', { committed: null }),
      aCopy('bad', 'e', { verdict: 'fail', level: 'drilled' }),
      aCopy('never', 'f', { committed: false }),
      aCopy('gone-from-plan', 'g'),
    ],
  });
  const stores = [
    { name: 'third', role: 'copy' },
    { name: 'off', role: 'copy' },
    { name: 'main', role: 'primary' },
    { name: 'maybe', role: 'copy' },
    { name: 'bad', role: 'copy' },
    { name: 'never', role: 'copy' },
  ] as const;
  const names = (failed: string[]) => copiesInOrder(point, stores, new Set(failed)).map((c) => c.repository);
  expect(names([])).toEqual(['third', 'off', 'main', 'maybe', 'bad']);
  expect(names(['third'])).toEqual(['off', 'main', 'maybe', 'bad', 'third']);
  const even = aPoint('db', t1, { copies: [aCopy('third', 'c'), aCopy('main', 'a')] });
  expect(copiesInOrder(even, stores, new Set()).map((c) => c.repository)).toEqual(['main', 'third']);
  const twice = aPoint('db', t1, { copies: [aCopy('main', 'a'), aCopy('main', 'b')] });
  expect(copiesInOrder(twice, stores, new Set()).map((c) => c.parts[0]?.snapshot)).toEqual(['a', 'b']);
});
