import { type Rhythm, rhythm } from '../lib/cron.ts';
import type { ResolvedComponent, ResolvedPlan } from '../plan/resolved.ts';

/** The newest capture of a component. */
export interface LastCapture {
  /** The moment its data is consistent as of. */
  readonly asOf: Date;
  /** When the capture began, by this machine's clock: what is compared with the schedule. */
  readonly began: Date;
}
/** A projection of the journal: newest by the journal's own order, so that a clock that was wrong once does no harm. */
export interface CaptureHistory {
  last(component: string, protection: string): LastCapture | null;
  /** Its newest capture lacks a copy that the protection wants; null: it has them all, or is none. */
  lacks?(component: string, protection: string): MissingCopy | null;
}
export interface MissingCopy {
  readonly repositories: readonly string[];
  /** When it was last tried to make it. */
  readonly tried: Date;
}

/** A component, or a group as a whole, and one of its protections. */
export interface DueUnit {
  readonly unit: string;
  readonly what: 'component' | 'group';
  readonly protection: string;
  readonly components: readonly string[];
  /** As-of of its newest capture by this protection; of a group: its oldest member's. */
  readonly last: Date | null;
  /** Due since; null: not due. */
  readonly since: Date | null;
  readonly next: Date | null;
  /** Runs that passed without a capture, beside the one that is due; counting stops at `most`. */
  readonly missed: number;
  /** The RPO is broken already. */
  readonly overdue: boolean;
  /** Where a copy of its newest capture is missing. */
  readonly lacking: readonly string[];
}

/** No need to count further: a minutely schedule that slept for a year has half a million. */
export const most = 1000;

/** What the schedule says: a pure function of plan, history and now. In the order of the plan. */
export function due(plan: ResolvedPlan, history: CaptureHistory, now: Date): readonly DueUnit[] {
  return units(plan).flatMap(({ unit, what, components, protections }) => {
    const newest = oldest(components.map((c) => latest(protections.map((p) => history.last(c, p)))));
    return protections.map((protection) => {
      const last = oldest(components.map((c) => history.last(c, protection)));
      const runs = rhythmOf(plan, protection);
      const missed = missedRuns(runs, last, now);
      const lacks = components.flatMap((c) => history.lacks?.(c, protection) ?? []);
      const again = lacks.length === 0 ? null : retryAt(runs, lacks, now);
      return {
        unit,
        what,
        protection,
        components,
        last: last?.asOf ?? null,
        ...missed,
        since: missed.since ?? (again !== null && again <= now ? again : null),
        next: again !== null && again > now && again < after(runs, now) ? again : runs.next(now),
        overdue: overdue(plan, components, newest, now),
        lacking: [...new Set(lacks.flatMap((l) => l.repositories))],
      };
    });
  });
}

interface Unit {
  readonly unit: string;
  readonly what: 'component' | 'group';
  readonly components: readonly string[];
  readonly protections: readonly string[];
}
const units = (plan: ResolvedPlan): readonly Unit[] => [
  ...[...plan.groups.values()].map((g): Unit => ({
    unit: g.name,
    what: 'group',
    components: g.members,
    protections: g.captures,
  })),
  ...[...plan.components.values()]
    .filter((c) => c.group === null)
    .map((c): Unit => ({
      unit: c.name,
      what: 'component',
      components: [c.name],
      protections: c.protections,
    })),
];

/**
 * Without any capture it is due since the last planned run; a capture "in the future" says nothing, so it is due now.
 */
function missedRuns(
  runs: Rhythm,
  last: LastCapture | null,
  now: Date,
): { since: Date | null; missed: number } {
  if (last === null) return { since: runs.previous(now), missed: 0 };
  if (last.began > now) return { since: now, missed: 0 };
  const since = after(runs, last.began);
  if (since > now) return { since: null, missed: 0 };
  let missed = 0;
  for (let at = after(runs, since); at <= now && missed < most; at = after(runs, at)) missed += 1;
  return { since, missed };
}

const fiveMinutes = 300_000;

/** Often enough to be sooner than the next planned run, seldom enough that a cron of every minute does no harm. */
function retryAt(runs: Rhythm, lacks: readonly MissingCopy[], now: Date): Date {
  const next = after(runs, now);
  const interval = after(runs, next).getTime() - next.getTime();
  const tried = Math.max(...lacks.map((l) => Math.min(l.tried.getTime(), now.getTime())));
  return new Date(tried + Math.max(fiveMinutes, Math.round(interval / 10)));
}

/** There is always a next run: a plan refuses a schedule that never comes. */
const after = (runs: Rhythm, at: Date): Date => runs.next(at) as Date;

/** A group comes back as one: its oldest member's data is older than the strictest RPO in it allows. */
function overdue(
  plan: ResolvedPlan,
  components: readonly string[],
  newest: LastCapture | null,
  now: Date,
): boolean {
  const objectives = components.flatMap(
    (c) => (plan.components.get(c) as ResolvedComponent).objectives.rpo ?? [],
  );
  if (objectives.length === 0) return false;
  return newest === null || now.getTime() - newest.asOf.getTime() > Math.min(...objectives);
}

/** null if any is missing. */
function oldest(all: readonly (LastCapture | null)[]): LastCapture | null {
  const found = all.filter((c) => c !== null);
  return found.length < all.length
    ? null
    : (found.toSorted((a, b) => a.asOf.getTime() - b.asOf.getTime())[0] as LastCapture);
}
const latest = (all: readonly (LastCapture | null)[]): LastCapture | null =>
  all.filter((c) => c !== null).toSorted((a, b) => b.asOf.getTime() - a.asOf.getTime())[0] ?? null;

function rhythmOf(plan: ResolvedPlan, protection: string): Rhythm {
  const { schedule, timezone } = plan.plan.protections[protection] as { schedule: string; timezone: string };
  return rhythm(schedule, timezone);
}
