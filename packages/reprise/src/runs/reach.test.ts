import type { Point, Retention } from '@reprise/contracts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { select } from '../catalogue/retention.ts';
import { rhythm } from '../lib/cron.ts';
import { reach } from '../plan/feasibility/reach.ts';
import { aPoint } from '../recovery/testing/points.ts';

const day = 86_400_000;
const none: Retention = { last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
const from = new Date('2026-11-21T12:00:00Z');

/** The least that is kept at any time, when each run makes a point and retention is applied right after it. */
function kept(rule: Retention, schedule: string, runs: number, settled: number, zone = 'UTC'): number {
  const of = rhythm(schedule, zone);
  let have: readonly Point[] = [];
  let least = Number.POSITIVE_INFINITY;
  let at = of.next(from);
  for (let i = 0; i < runs && at !== null; i += 1, at = of.next(at)) {
    const made = aPoint('db', at.toISOString());
    const { doubt, decisions } = select({
      repository: 'main',
      points: [...have, made],
      retention: () => rule,
      now: new Date(at.getTime() + 1000),
      shortestInterval: 400 * day,
    });
    expect(doubt).toBeNull();
    have = decisions.filter((d) => d.keep).map((d) => d.point);
    const oldest = Math.min(...have.map((p) => Date.parse(p.as_of.from)));
    if (i >= settled) least = Math.min(least, at.getTime() - oldest);
  }
  return least;
}

test.each<[Partial<Retention>, string, number, number]>([
  [{ weekly: 5 }, '0 2 * * *', 120, 40],
  [{ monthly: 2 }, '0 2 * * *', 430, 62],
  [{ monthly: 3 }, '0 2 * * *', 500, 95],
  [{ yearly: 2 }, '0 2 * * *', 1200, 800],
  [{ daily: 3 }, '0 2 * * *', 60, 10],
  [{ daily: 3 }, '0 */6 * * *', 200, 40],
  [{ hourly: 5 }, '*/20 * * * *', 200, 40],
  [{ last: 8 }, '0 2 * * 1-5', 60, 10],
  [{ weekly: 3 }, '0 2 * * 1,4', 120, 30],
  [{ monthly: 4 }, '30 3 1,15 * *', 110, 12],
])('%o of %s reaches exactly as far back as retention keeps', (rule, schedule, runs, settled) => {
  const whole = { ...none, ...rule };
  expect(reach(whole, rhythm(schedule, 'UTC'), from) / day).toBe(kept(whole, schedule, runs, settled) / day);
});

test('whatever the rules and the schedule, retention keeps no less than is said', () => {
  const few = (most: number) => fc.integer({ min: 0, max: most });
  fc.assert(
    fc.property(
      fc.record({
        last: fc.integer({ min: 1, max: 9 }),
        hourly: few(5),
        daily: few(9),
        weekly: few(4),
        monthly: few(3),
        yearly: few(1),
      }),
      fc.constantFrom('0 2 * * *', '0 */8 * * *', '15 1 * * 1-5', '0 0 1,11,21 * *', '59 23 * * *'),
      fc.constantFrom('UTC', 'Europe/Paris', 'America/New_York'),
      (rule, schedule, zone) => {
        const said = reach(rule, rhythm(schedule, zone), from);
        expect(kept(rule, schedule, 400, 340, zone)).toBeGreaterThanOrEqual(said);
      },
    ),
    { numRuns: 12 },
  );
});

test('rules that keep more than anybody waits for reach far', () => {
  const most = { last: 100_000, hourly: 9000, daily: 9000, weekly: 9000, monthly: 9000, yearly: 9000 };
  expect(reach(most, rhythm('* * * * *', 'Europe/Paris'), from)).toBeGreaterThan(490 * 365 * day);
});
