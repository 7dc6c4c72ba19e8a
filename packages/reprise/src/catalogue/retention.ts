import type { KeepReason, Point, Retention } from '@reprise/contracts';

import { clockSlack } from './judged.ts';
import { newestFirst } from './project.ts';

const day = 24 * 60 * 60 * 1000;

export interface RetentionInput {
  readonly repository: string;
  /** Every committed point of every component, wherever its copies lie. */
  readonly points: readonly Point[];
  /** By protection's keep, else the repository's; undefined: keep everything. */
  readonly retention: (point: Point) => Retention | undefined;
  readonly now: Date;
  /** Of the schedules that write into this repository (ms); null where none does. */
  readonly shortestInterval: number | null;
}
export type Doubt =
  | { readonly why: 'future'; readonly point: string }
  | { readonly why: 'stale'; readonly point: string; readonly age_ms: number; readonly limit_ms: number };
export interface Decision {
  readonly point: Point;
  readonly keep: boolean;
  /** Why it is kept; empty where it is not. */
  readonly reasons: readonly KeepReason[];
}
export interface Selection {
  /** Nothing is decided while it is in doubt what time it is. */
  readonly doubt: Doubt | null;
  readonly decisions: readonly Decision[];
}

/**
 * Which points a repository keeps: grandfather-father-son in UTC, for each component and protection on its own. Never
 * gives up the newest good point, the newest drilled one, a component's last committed one, a fork, or one member of a
 * group without the others. A point that failed its newest check takes no other's place. Pure; forgets nothing itself.
 */
export function select(input: RetentionInput): Selection {
  const here = input.points.filter((p) => isHere(p, input.repository)).toSorted(newestFirst);
  const doubt = doubtOf(here, input);
  if (doubt !== null) return { doubt, decisions: [] };
  const reasons = new Map<Point, Set<KeepReason>>(here.map((p) => [p, new Set()]));
  const keep = (point: Point | undefined, reason: KeepReason): void =>
    void (point && reasons.get(point)?.add(reason));

  const times = momentOfGroups(here);
  for (const points of Map.groupBy(here, (p) => `${p.component} ${p.protection ?? ''}`).values())
    byCalendar(points, input, times, keep);
  for (const points of Map.groupBy(here, (p) => p.component).values()) always(points, input.repository, keep);
  for (const members of Map.groupBy(
    here.filter((p) => p.group !== null),
    (p) => p.group?.id,
  ).values())
    if (members.some((p) => reasons.get(p)?.size))
      for (const p of members) if (!reasons.get(p)?.size) keep(p, 'group');

  return {
    doubt: null,
    decisions: [...reasons].map(([point, why]) => ({ point, keep: why.size > 0, reasons: [...why] })),
  };
}

/** Uncommitted copies, and copies of which it is not known, are not for retention to judge. */
const isHere = (p: Point, repository: string): boolean =>
  p.copies.some((c) => c.repository === repository && c.committed === true);
/** Of the copy that is judged here: another repository's good one does not make this one good. */
const verdictIn = (p: Point, repository: string): Point['verdict'] | undefined =>
  p.copies.find((c) => c.repository === repository)?.verdict;

/** A clock that ran ahead would make every point old: then nothing is judged old. */
function doubtOf(points: readonly Point[], { now, shortestInterval }: RetentionInput): Doubt | null {
  const latest = now.getTime() + clockSlack;
  const ahead = points.find(
    (p) => p.future || Date.parse(p.as_of.from) > latest || Date.parse(p.at) > latest,
  );
  if (ahead !== undefined) return { why: 'future', point: ahead.id };
  const newest = points[0];
  if (newest === undefined) return null;
  const age = now.getTime() - Date.parse(newest.as_of.to);
  const limit = Math.max(day, 2 * (shortestInterval ?? 0));
  return age > limit ? { why: 'stale', point: newest.id, age_ms: age, limit_ms: limit } : null;
}

/** Members of a group are one moment, or midnight between two of them would tear it apart. */
function momentOfGroups(points: readonly Point[]): (p: Point) => number {
  const first = new Map<string, number>();
  for (const { group, as_of } of points) {
    if (group === null) continue;
    first.set(group.id, Math.min(first.get(group.id) ?? Infinity, Date.parse(as_of.from)));
  }
  return (p) => (p.group === null ? undefined : first.get(p.group.id)) ?? Date.parse(p.as_of.from);
}

type Keep = (point: Point | undefined, reason: KeepReason) => void;

function byCalendar(
  points: readonly Point[],
  { retention, repository }: RetentionInput,
  time: (p: Point) => number,
  keep: Keep,
): void {
  const candidates = points
    .filter((p) => !p.fork && verdictIn(p, repository) !== 'fail')
    .toSorted((a, b) => time(b) - time(a) || newestFirst(a, b));
  for (const point of points) if (retention(point) === undefined) keep(point, 'no-retention');
  const [rules] = points.map(retention); // one component, one protection: one rule
  if (rules === undefined) return;
  for (const point of candidates.slice(0, rules.last)) keep(point, 'last');
  for (const [rule, period] of periods) {
    const slots = Map.groupBy(candidates, (p) => period(new Date(time(p))));
    // Newest first, so the first of a slot is its newest; one that could not be judged gives way to one that passed.
    for (const slot of [...slots.values()].slice(0, rules[rule]))
      keep(slot.find((p) => verdictIn(p, repository) === 'pass') ?? slot[0], rule);
  }
}

function always(points: readonly Point[], repository: string, keep: Keep): void {
  const main = points.filter((p) => !p.fork);
  for (const point of points) if (point.fork) keep(point, 'fork');
  const good = main.find((p) => verdictIn(p, repository) === 'pass');
  keep(good, 'newest-good');
  const drilled = main.find((p) => p.drilled_at !== null);
  keep(drilled, 'newest-drilled');
  keep(main[0], 'last-committed');
  if (good === undefined) for (const point of main) keep(point, 'no-good-point');
}

const iso = (date: Date, length: number): string => date.toISOString().slice(0, length);

/** ISO 8601 weeks begin on Monday: the week is named by its Monday. */
function weekOf(date: Date): string {
  const monday = new Date(date);
  monday.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return iso(monday, 10);
}

const periods: readonly (readonly [
  'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly',
  (date: Date) => string,
])[] = [
  ['hourly', (d) => iso(d, 13)],
  ['daily', (d) => iso(d, 10)],
  ['weekly', weekOf],
  ['monthly', (d) => iso(d, 7)],
  ['yearly', (d) => iso(d, 4)],
];
