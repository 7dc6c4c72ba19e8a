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

const day = 86_400_000;

/**
 * The longest time between two runs, in milliseconds, over the days that follow `from`, the changes of summer time
 * among them; null where a run is missing at either end.
 *
 * Hour and minute are the same on every day that has runs, so one ordinary day is read run by run, like each day that
 * is shorter or longer; on the others only the gap around midnight can differ.
 */
export function longestGap(of: Rhythm, timezone: string, from: Date, days = 400): number | null {
  const midnights = rhythm('0 0 * * *', timezone);
  const end = from.getTime() + days * day;
  let longest = 0;
  let sampled = false;
  let start = midnights.next(new Date(from.getTime() - day));
  while (start !== null && start.getTime() < end) {
    const after = midnights.next(start);
    const before = of.previous(start);
    const first = of.next(new Date(start.getTime() - 1));
    if (after === null || before === null || first === null) return null;
    longest = Math.max(longest, first.getTime() - before.getTime());
    const ordinary = after.getTime() - start.getTime() === day;
    if (first < after && (!ordinary || !sampled)) {
      longest = Math.max(longest, gapWithin(of, first, after));
      sampled ||= ordinary;
    }
    start = after;
  }
  return longest;
}

function gapWithin(of: Rhythm, first: Date, end: Date): number {
  let longest = 0;
  let at = first;
  for (let next = of.next(at); next !== null && next < end; next = of.next(at)) {
    longest = Math.max(longest, next.getTime() - at.getTime());
    at = next;
  }
  return longest;
}
