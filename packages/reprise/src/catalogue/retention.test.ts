import type { Point, Retention } from '@reprise/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ago, hour, now, point } from './fixtures.ts';
import { newestFirst } from './project.ts';
import { select, type RetentionInput, type Selection } from './retention.ts';

const day = 24 * hour;
const rules = (r: Partial<Retention>): Retention => ({
  last: 1,
  hourly: 0,
  daily: 0,
  weekly: 0,
  monthly: 0,
  yearly: 0,
  ...r,
});
const choose = (
  points: readonly Point[],
  retention: Partial<Retention> | undefined,
  more: Partial<RetentionInput> = {},
): Selection =>
  select({
    repository: 'primary',
    points,
    retention: () => (retention === undefined ? undefined : rules(retention)),
    now,
    shortestInterval: null,
    ...more,
  });
const kept = (s: Selection): string[] => s.decisions.filter((d) => d.keep).map((d) => d.point.as_of.from);
const reasons = (s: Selection, at: string): readonly string[] | undefined =>
  s.decisions.find((d) => d.point.as_of.from === at)?.reasons;
const every = (ms: number, n: number): Point[] =>
  Array.from({ length: n }, (_, i) => point({ asOf: ago(hour + i * ms) }));

describe('the calendar', () => {
  test('last: the newest n', () => {
    expect(kept(choose(every(hour, 5), { last: 3 }))).toEqual([ago(hour), ago(2 * hour), ago(3 * hour)]);
  });

  test('of two at the same moment one is kept, always the same', () => {
    const [a, b] = ['db@a', 'db@b'].map((id) => point({ asOf: ago(hour), id })) as [Point, Point];
    for (const points of [
      [a, b],
      [b, a],
    ])
      expect(
        choose(points, { last: 0, daily: 1 }).decisions.find((d) => d.reasons.includes('daily'))?.point,
      ).toBe(a);
  });

  test('a group goes as a whole where no rule keeps any of it', () => {
    const group = { name: 'g', id: 'G' };
    const old = ['a', 'b'].map((component) => point({ asOf: ago(9 * hour), component, group }));
    const fresh = ['a', 'b'].map((component) => point({ asOf: ago(hour), component }));
    expect(choose([...fresh, ...old], { last: 1 }).decisions.map((d) => d.keep)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('the newest of each hour, day, week, month, year, of as many as have points', () => {
    const points = [
      point({ asOf: '2026-06-15T11:50:00.000Z' }),
      point({ asOf: '2026-06-15T11:10:00.000Z' }),
      point({ asOf: '2026-06-15T10:10:00.000Z' }),
      point({ asOf: '2026-06-14T23:59:00.000Z' }), // a Sunday: the week before
      point({ asOf: '2026-06-09T08:00:00.000Z' }),
      point({ asOf: '2026-05-31T08:00:00.000Z' }),
      point({ asOf: '2025-12-31T08:00:00.000Z' }),
      point({ asOf: '2025-01-01T08:00:00.000Z' }),
    ];
    const at = (indexes: number[]): (string | undefined)[] => indexes.map((i) => points[i]?.as_of.from);
    expect(kept(choose(points, { hourly: 2 }))).toEqual(at([0, 2]));
    expect(kept(choose(points, { daily: 3 }))).toEqual(at([0, 3, 4]));
    expect(kept(choose(points, { weekly: 3 }))).toEqual(at([0, 3, 5]));
    expect(kept(choose(points, { monthly: 3 }))).toEqual(at([0, 5, 6]));
    expect(kept(choose(points, { yearly: 9 }))).toEqual(at([0, 6]));
    expect(reasons(choose(points, { yearly: 2, monthly: 2 }), points[0]?.as_of.from ?? '')).toEqual([
      'last',
      'monthly',
      'yearly',
      'newest-good',
      'last-committed',
    ]);
  });

  test('a point that failed takes no other’s place; one that could not be judged gives way', () => {
    const points = [
      point({ asOf: ago(1 * hour), verdict: 'fail' }),
      point({ asOf: ago(2 * hour), verdict: 'unable' }),
      point({ asOf: ago(3 * hour) }),
      point({ asOf: ago(4 * hour) }),
    ];
    const s = choose(points, { daily: 1 });
    expect(reasons(s, ago(1 * hour))).toEqual(['last-committed']);
    expect(reasons(s, ago(2 * hour))).toEqual(['last']);
    expect(reasons(s, ago(3 * hour))).toEqual(['daily', 'newest-good']);
    expect(reasons(s, ago(4 * hour))).toEqual([]);
    expect(kept(choose(points.slice(0, 2), { daily: 1 }))).toHaveLength(2); // nothing good: nothing is given up
  });

  test('a slot without a good point keeps the one that could not be judged', () => {
    const points = [point({ asOf: ago(hour) }), point({ asOf: ago(30 * hour), verdict: 'unable' })];
    expect(reasons(choose(points, { daily: 2 }), ago(30 * hour))).toEqual(['daily']);
  });

  test('what is good in another repository is not good here', () => {
    const bad = point({ asOf: ago(hour), copy: { verdict: 'fail' } });
    expect(kept(choose([bad, point({ asOf: ago(5 * hour) })], {}))).toEqual([ago(hour), ago(5 * hour)]);
  });

  test('each component and protection for itself; without a retention everything stays', () => {
    const points = [
      point({ asOf: ago(hour), protection: 'hourly' }),
      point({ asOf: ago(2 * hour), protection: 'hourly' }),
      point({ asOf: ago(30 * hour), protection: 'nightly' }),
      point({ asOf: ago(60 * hour), protection: 'nightly' }),
    ];
    const s = choose(points, {}, { retention: (p) => (p.protection === 'nightly' ? undefined : rules({})) });
    expect(s.decisions.map((d) => d.reasons[0])).toEqual(['last', undefined, 'no-retention', 'no-retention']);
    expect(
      kept(choose([...every(hour, 2), point({ asOf: ago(9 * hour), component: 'web' })], {})),
    ).toHaveLength(2);
  });
});

describe('what is never given up', () => {
  test('the newest drilled point, forks, the last one', () => {
    const drilled = point({ asOf: ago(8 * hour), drilled_at: ago(0) });
    const older = point({ asOf: ago(9 * hour), drilled_at: ago(0) });
    const fork = point({ asOf: ago(7 * hour), fork: true });
    const s = choose([...every(hour, 3), drilled, older, fork], {});
    expect(reasons(s, ago(8 * hour))).toEqual(['newest-drilled']);
    expect(reasons(s, ago(9 * hour))).toEqual([]);
    expect(reasons(s, ago(7 * hour))).toEqual(['fork']);
  });

  test('one member of a group without the others, even across midnight', () => {
    const group = { name: 'g', id: 'G' };
    const points = [
      point({ asOf: ago(hour), component: 'a' }),
      point({ asOf: ago(hour), component: 'b' }),
      point({ asOf: '2026-06-13T23:59:59.900Z', component: 'a', group }),
      point({ asOf: '2026-06-14T00:00:00.100Z', component: 'b', group }),
      point({ asOf: '2026-06-13T20:00:00.000Z', component: 'b' }),
    ];
    const s = choose(points, { daily: 2 });
    expect(reasons(s, '2026-06-14T00:00:00.100Z')).toEqual(['daily']);
    expect(reasons(s, '2026-06-13T20:00:00.000Z')).toEqual([]); // the same day as its group's moment
    const drilled = choose(
      points.with(2, point({ asOf: '2026-06-13T23:59:59.900Z', component: 'a', group, drilled_at: ago(0) })),
      {},
    );
    expect(reasons(drilled, '2026-06-14T00:00:00.100Z')).toEqual(['group']);
  });

  test('copies that are not known to be here are not judged', () => {
    const points = [
      point({ asOf: ago(hour) }),
      point({ asOf: ago(2 * hour), copy: { committed: null } }),
      point({ asOf: ago(3 * hour), copy: { repository: 'other' } }),
    ];
    expect(choose(points, {}).decisions.map((d) => d.point.as_of.from)).toEqual([ago(hour)]);
    expect(choose([], {})).toEqual({ doubt: null, decisions: [] });
  });
});

describe('a doubted clock', () => {
  test('nothing is decided when the newest point is older than the schedule explains', () => {
    const points = [point({ asOf: ago(day + 1000) }), point({ asOf: ago(40 * day) })];
    expect(choose(points, {})).toMatchObject({
      doubt: { why: 'stale', limit_ms: day, age_ms: day + 1000 },
      decisions: [],
    });
    expect(choose(points, {}, { shortestInterval: day }).doubt).toBeNull();
    expect(choose(points, {}, { shortestInterval: hour }).doubt).not.toBeNull();
    expect(choose([point({ asOf: ago(day) })], {}).doubt).toBeNull();
  });

  test('nor when a point lies in the future, by either date', () => {
    const later = new Date(now.getTime() + hour).toISOString();
    for (const ahead of [
      point({ asOf: later, at: ago(0) }),
      point({ asOf: ago(0), at: later }),
      point({ asOf: ago(hour), future: true }),
    ])
      expect(choose([point({ asOf: ago(2 * hour) }), ahead], {})).toMatchObject({
        doubt: { why: 'future', point: ahead.id },
        decisions: [],
      });
    expect(choose([point({ asOf: new Date(now.getTime() + 30_000).toISOString() })], {}).doubt).toBeNull();
  });
});

interface Drawn {
  readonly hours: number;
  readonly component: string;
  readonly verdict: Point['verdict'];
  readonly drilled: boolean;
  readonly fork: boolean;
  readonly group: string | null;
}

describe('always', () => {
  const points: fc.Arbitrary<Drawn[]> = fc.uniqueArray(
    fc.record({
      hours: fc.integer({ min: 0, max: 24 * 800 }),
      component: fc.constantFrom('a', 'b', 'c'),
      verdict: fc.constantFrom<Point['verdict']>('pass', 'pass', 'unable', 'fail'),
      drilled: fc.boolean(),
      fork: fc.boolean(),
      group: fc.constantFrom(null, null, '1', '2'),
    }),
    { maxLength: 40, selector: (p) => `${p.component} ${p.hours}` },
  );
  const retention = fc.record({
    last: fc.integer({ min: 1, max: 5 }),
    hourly: fc.nat(5),
    daily: fc.nat(5),
    weekly: fc.nat(5),
    monthly: fc.nat(5),
    yearly: fc.nat(3),
  });
  const made = (all: readonly Drawn[]): Point[] =>
    all.map((p) =>
      point({
        asOf: ago(p.hours * hour),
        component: p.component,
        verdict: p.verdict,
        fork: p.fork,
        drilled_at: p.drilled ? ago(0) : null,
        group: p.group === null ? null : { name: 'g', id: p.group },
      }),
    );

  test('a component keeps its newest good, newest drilled and newest point; groups stay whole; it is stable', () => {
    fc.assert(
      fc.property(points, retention, (all, r) => {
        const given = made(all);
        const input = { shortestInterval: 1000 * day };
        const { decisions } = choose(given, r, input);
        const keeps = new Set(decisions.filter((d) => d.keep).map((d) => d.point));
        for (const of of Map.groupBy(given.toSorted(newestFirst), (p) => p.component).values()) {
          const main = of.filter((p) => !p.fork);
          const must = [
            main[0],
            main.find((p) => p.verdict === 'pass'),
            main.find((p) => p.drilled_at !== null),
            ...of.filter((p) => p.fork),
          ];
          for (const p of must) if (p !== undefined) expect(keeps).toContain(p);
          const usable = main.filter((p) => p.verdict !== 'fail');
          expect(usable.filter((p) => keeps.has(p)).length).toBeGreaterThanOrEqual(
            Math.min(r.last, usable.length),
          );
        }
        for (const members of Map.groupBy(
          given.filter((p) => p.group !== null),
          (p) => p.group?.id,
        ).values())
          expect(new Set(members.map((p) => keeps.has(p))).size).toBe(1);
        // The order in which they come does not matter, and what was kept is kept again.
        const again = choose([...keeps].toReversed(), r, input);
        expect(again.decisions.every((d) => d.keep)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('a clock that jumps ahead gives up nothing', () => {
    fc.assert(
      fc.property(points, retention, fc.integer({ min: 2, max: 5000 }), (all, r, days) => {
        const jumped = new Date(now.getTime() + days * day);
        const selection = choose(made(all), r, { now: jumped, shortestInterval: hour });
        expect(selection.decisions.filter((d) => !d.keep)).toEqual([]);
      }),
    );
  });
});
