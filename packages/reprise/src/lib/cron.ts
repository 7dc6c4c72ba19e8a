import { Cron } from 'croner';

/** When a protection runs. Only questions about given moments: no clock, no timer. */
export interface Rhythm {
  /** The first run strictly after a moment; null: never again. */
  next(after: Date): Date | null;
  /** The last run strictly before a moment; null: never before. */
  previous(before: Date): Date | null;
}

/**
 * Five cron fields in a time zone. A time that summer time skips runs when the clock jumps, one that it repeats runs
 * once, at the first; `*` fields run through both hours. Throws what croner throws for a pattern or zone it cannot
 * read; the plan refuses those beforehand.
 */
export function rhythm(schedule: string, timezone: string): Rhythm {
  const cron = new Cron(schedule, { paused: true, mode: '5-part', timezone });
  return {
    next: (after) => cron.nextRun(after) ?? null,
    previous: (before) => cron.previousRuns(1, before)[0] ?? null,
  };
}

/**
 * The shortest time between two of the next 50 runs of one and the same rhythm, in milliseconds; null: there are none.
 */
export function shortestGap(each: readonly Rhythm[], from: Date): number | null {
  const gaps = each.flatMap((of) => {
    const runs: number[] = [];
    for (let at = of.next(from); at !== null && runs.length < 50; at = of.next(at)) runs.push(at.getTime());
    return runs.slice(1).map((at, i) => at - (runs[i] as number));
  });
  return gaps.length === 0 ? null : Math.min(...gaps);
}

/** A rhythm, and where its days begin and end. */
export interface Zoned {
  readonly rhythm: Rhythm;
  readonly timezone: string;
}

const day = 86_400_000;

/**
 * The longest time between two runs of any of them, in milliseconds, over the days that follow `from`, the changes of
 * summer time among them; null where a run is missing at either end.
 */
export function longestGap(each: readonly Zoned[], from: Date, days = 400): number | null {
  const end = new Date(from.getTime() + days * day);
  const before = times(each.map((z) => z.rhythm.previous(from))).at(-1);
  const after = times(each.map((z) => z.rhythm.next(new Date(end.getTime() - 1))))[0];
  if (before === undefined || after === undefined) return null;
  let longest = 0;
  let last = before;
  for (const at of Float64Array.from([...each.flatMap((z) => runsOf(z, from, end)), after]).toSorted()) {
    longest = Math.max(longest, at - last);
    last = at;
  }
  return longest;
}

/**
 * Every run from a moment until before another. Hour and minute of one schedule are the same on every day that has
 * runs, so one ordinary day is read run by run, like each day that is shorter or longer; the others are like the one.
 */
function runsOf({ rhythm: of, timezone }: Zoned, from: Date, end: Date): readonly number[] {
  const midnights = rhythm('0 0 * * *', timezone);
  const runs: number[] = [];
  let ordinary: readonly number[] | undefined;
  let start = midnights.previous(new Date(from.getTime() + 1));
  while (start !== null && start < end) {
    const midnight = start.getTime();
    const after = midnights.next(start);
    const first = of.next(new Date(midnight - 1));
    if (after === null || first === null) break;
    if (first < after) {
      const usual = after.getTime() - midnight === day;
      const times = usual && ordinary !== undefined ? ordinary : runsWithin(of, first, after, midnight);
      if (usual) ordinary = times;
      for (const time of times) runs.push(midnight + time);
    }
    start = after;
  }
  return runs.filter((at) => at >= from.getTime() && at < end.getTime());
}

/** In milliseconds since that midnight. */
function runsWithin(of: Rhythm, first: Date, end: Date, midnight: number): readonly number[] {
  const runs: number[] = [];
  for (let at: Date | null = first; at !== null && at < end; at = of.next(at))
    runs.push(at.getTime() - midnight);
  return runs;
}

const times = (dates: readonly (Date | null)[]): readonly number[] =>
  dates.flatMap((d) => (d === null ? [] : [d.getTime()])).toSorted((a, b) => a - b);
