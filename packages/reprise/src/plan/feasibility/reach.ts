import type { Retention } from '@reprise/contracts';

import type { Rhythm } from '../../lib/cron.ts';

/**
 * How far back the oldest kept point goes at the least, in milliseconds, when every run is made: right after a run that
 * begins an hour, a day, a month, the newest point of the one before is the only other that `monthly: 2` keeps, and may
 * be a day old. What several rules keep together may reach further, never less far.
 *
 * A slot that a rule keeps has its newest point; so between the first run of a slot and the last one of that `n - 1`
 * slots earlier. As many slots are looked at as the calendar needs to come round.
 */
export function reach(rule: Retention, runs: Rhythm, now: Date): number {
  return Math.max(
    newest(rule.last, runs, now),
    ...periods.map(([name, looked, after]) =>
      oldest(Math.min(rule[name], most), runs, now, { looked, after }),
    ),
  );
}

type After = (date: Date) => number;
/** The beginning of the next hour, day … in UTC, as `catalogue/retention.ts` divides time. */
const periods: readonly (readonly [keyof Omit<Retention, 'last'>, looked: number, After])[] = [
  ['hourly', 24 * 40, (d) => d.getTime() - (d.getTime() % hour) + hour],
  ['daily', 400, (d) => midnight(d, 1)],
  ['weekly', 110, (d) => midnight(d, 7 - ((d.getUTCDay() + 6) % 7))],
  ['monthly', 48, (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1)],
  ['yearly', 8, (d) => Date.UTC(d.getUTCFullYear() + 1, 0)],
];
/** More slots than these are taken for as many: it is a lower bound all the same. */
const most = 500;

const hour = 3_600_000;
const midnight = (d: Date, days: number): number =>
  Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate() + days);

function oldest(
  count: number,
  runs: Rhythm,
  now: Date,
  { looked, after }: { readonly looked: number; readonly after: After },
): number {
  if (count < 2) return 0;
  const lasts: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  // The first slot is one that has begun: only its end counts.
  for (let first = runs.next(now); first !== null && lasts.length < count + looked;) {
    const from = lasts[lasts.length - count + 1];
    if (from !== undefined) least = Math.min(least, first.getTime() - from);
    const end = after(first);
    const next = runs.next(first);
    const single = next === null || next.getTime() >= end;
    lasts.push((single ? first : (runs.previous(new Date(end)) as Date)).getTime());
    first = single ? next : runs.next(new Date(end - 1));
  }
  return Number.isFinite(least) ? least : 0;
}

/** The least time that so many runs span; of more than a thousand at a time. */
function newest(count: number, runs: Rhythm, now: Date): number {
  const steps = count - 1;
  const times: number[] = [];
  const wanted = steps === 0 ? 0 : Math.min(steps, 1000) + 400;
  for (let at = runs.next(now); at !== null && times.length < wanted; at = runs.next(at))
    times.push(at.getTime());
  const least = (of: number): number =>
    of === 0
      ? 0
      : times.slice(of).reduce((min, time, i) => Math.min(min, time - (times[i] as number)), Infinity);
  const span = Math.min(steps, 1000, times.length - 1);
  return span < 1 ? 0 : Math.floor(steps / span) * least(span) + least(steps % span);
}
