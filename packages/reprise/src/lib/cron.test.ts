import { describe, expect, it } from 'vitest';

import { longestGap, rhythm } from './cron.ts';

const hour = 3_600_000;
const from = new Date('2026-11-21T11:00:00Z');
const gap = (schedule: string, timezone: string): number =>
  (longestGap(rhythm(schedule, timezone), timezone, from) ?? Number.NaN) / hour;

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
  it('agrees with reading every run of a year', () => {
    for (const [schedule, timezone] of [
      ['15 1-4 * * *', 'Europe/Paris'],
      ['0 2,14 * * 1,3', 'America/New_York'],
      ['45 23 */3 * *', 'Australia/Lord_Howe'],
    ] as const) {
      const runs = rhythm(schedule, timezone);
      const end = from.getTime() + 399 * 24 * hour;
      let longest = 0;
      for (
        let at = runs.next(from), next = at && runs.next(at);
        at && next && at.getTime() < end;
        at = next, next = runs.next(at)
      )
        longest = Math.max(longest, next.getTime() - at.getTime());
      expect(gap(schedule, timezone) * hour).toBe(longest);
    }
  });
  it('is unknown where runs end', () => {
    expect(longestGap({ next: () => null, previous: () => null }, 'UTC', from)).toBeNull();
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
