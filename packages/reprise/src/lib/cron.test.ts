import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { longestGap, rhythm, shortestGap, type Zoned } from './cron.ts';

const hour = 3_600_000;
const from = new Date('2026-11-21T11:00:00Z');
const gap = (schedule: string, timezone: string): number =>
  (longestGap([{ rhythm: rhythm(schedule, timezone), timezone }], from) ?? Number.NaN) / hour;

describe('the longest gap between runs', () => {
  it.each([
    ['* * * * *', 'Europe/Paris', 1 / 60],
    ['*/5 * * * *', 'Europe/Paris', 5 / 60],
    ['0 * * * *', 'Europe/Paris', 1],
    ['0 */6 * * *', 'UTC', 6],
    ['0 */6 * * *', 'Europe/Paris', 7], // the night that summer time ends
    ['30 2 * * *', 'Europe/Paris', 25],
    ['0 0 * * *', 'America/Havana', 25], // the clock changes at midnight
    ['0 3 * * 1-5', 'UTC', 72],
    ['0 2 1 * *', 'Europe/Paris', 31 * 24 + 1],
    ['0 0 29 2 *', 'UTC', 35_064],
    ['0 8-18 * * *', 'UTC', 14],
  ])('%s %s: %d h', (schedule, timezone, hours) => {
    expect(gap(schedule, timezone)).toBeCloseTo(hours, 6);
  });
  const zoned = ([schedule, timezone]: readonly [string, string]): Zoned => ({
    rhythm: rhythm(schedule, timezone),
    timezone,
  });
  /** Every run of all of them, one after the other. */
  const readOut = (each: readonly Zoned[], days: number): number => {
    const end = from.getTime() + days * 24 * hour;
    const runs = new Set<number>();
    for (const { rhythm: of } of each) {
      runs.add(of.previous(from)?.getTime() ?? Number.NaN);
      for (let at = of.next(new Date(from.getTime() - 1)); at; at = of.next(at)) {
        runs.add(at.getTime());
        if (at.getTime() >= end) break;
      }
    }
    const all = [...runs].toSorted((a, b) => a - b);
    const within = all.slice(
      all.findLastIndex((at) => at < from.getTime()),
      all.findIndex((at) => at >= end) + 1,
    );
    return Math.max(...within.slice(1).map((at, i) => at - (within[i] ?? Number.NaN)));
  };
  it('agrees with reading every run of a year', () => {
    const all = (
      [
        ['15 1-4 * * *', 'Europe/Paris'],
        ['0 2,14 * * 1,3', 'America/New_York'],
        ['45 23 */3 * *', 'Australia/Lord_Howe'],
      ] as const
    ).map(zoned);
    for (const each of [...all.map((z) => [z]), all]) expect(longestGap(each, from)).toBe(readOut(each, 400));
  });
  it('several together: a day with more runs does not speak for the days without', () => {
    // From a Monday on, whose noon is no other day's.
    const each = [zoned(['0 1,23 * * *', 'UTC']), zoned(['0 12 * * 1', 'UTC'])];
    expect(longestGap(each, new Date('2026-11-23T00:00:00Z'))).toBe(22 * hour);
  });
  it('several together, whatever they are', () => {
    const field = (max: number, least = 0) => fc.integer({ min: least, max }).map(String);
    const days = fc.oneof(
      fc.constant(['*', '*']),
      field(7).map((d) => ['*', d]),
      field(28, 1).map((d) => [d, '*']),
    );
    const hours = fc.uniqueArray(field(23), { minLength: 1, maxLength: 3 }).map((h) => h.join(','));
    const schedule = fc
      .tuple(field(59), hours, days)
      .map(([minute, hourly, [date = '', weekday = '']]) => `${minute} ${hourly} ${date} * ${weekday}`);
    const zone = fc.constantFrom(
      'UTC',
      'Europe/Paris',
      'America/New_York',
      'America/Havana',
      'Australia/Lord_Howe',
    );
    const several = fc.array(fc.tuple(schedule, zone), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(several, (each) => {
        const all = each.map(zoned);
        expect(longestGap(all, from, 140)).toBe(readOut(all, 140));
      }),
      { numRuns: 15 },
    );
  });
  it('is unknown where runs end', () => {
    const never = { rhythm: { next: () => null, previous: () => null }, timezone: 'UTC' };
    expect(longestGap([never], from)).toBeNull();
    expect(longestGap([], from)).toBeNull();
    expect(longestGap([never, zoned(['0 * * * *', 'UTC'])], from)).toBe(hour);
    const first = zoned(['0 * * * *', 'UTC']);
    const ends = { ...first, rhythm: { ...first.rhythm, next: () => null } };
    expect(longestGap([ends], from)).toBeNull();
  });
});

describe('the shortest gap between runs', () => {
  it.each([
    [['0 3 * * *'], 24],
    [['0 3 * * *', '0 4 * * 1'], 24], // each on its own: an hour between two of them is no rhythm
    [['0 1,5,23 * * *'], 2],
    [['0 3 1 * *', '0 */6 * * *'], 6],
  ])('%j: %d h', (schedules, hours) => {
    const each = schedules.map((s) => rhythm(s, 'UTC'));
    expect(shortestGap(each, from)).toBe(hours * hour);
  });
  it('is unknown where nothing is planned, or once only', () => {
    const once = { next: (at: Date) => (at < from ? from : null), previous: () => null };
    expect(shortestGap([], from)).toBeNull();
    expect(shortestGap([once], new Date(from.getTime() - 1))).toBeNull();
  });
});

describe('next and previous', () => {
  it('are strict', () => {
    const daily = rhythm('30 2 * * *', 'UTC');
    expect(daily.next(new Date('2026-01-01T02:30:00Z'))).toEqual(new Date('2026-01-02T02:30:00Z'));
    expect(daily.next(new Date('2026-01-01T02:29:59.999Z'))).toEqual(new Date('2026-01-01T02:30:00Z'));
    expect(daily.previous(new Date('2026-01-01T02:30:00Z'))).toEqual(new Date('2025-12-31T02:30:00Z'));
    expect(rhythm('0 0 30 2 *', 'UTC').next(from)).toBeNull();
    expect(rhythm('0 0 30 2 *', 'UTC').previous(from)).toBeNull();
  });
});
