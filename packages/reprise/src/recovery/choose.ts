import type { AsOf, Level, Point } from '@reprise/contracts';

export interface Wish {
  /** No data later than this. */
  readonly until: Date | null;
  /** A point by id, for the one component it is of. */
  readonly point: string | null;
}
export interface Candidate {
  readonly name: string;
  readonly group: string | null;
}
export type NoPoint =
  | 'none'
  | 'all-later'
  | 'all-future'
  | 'all-forks'
  | 'all-failed'
  | 'uncommitted'
  | 'unknown-id';
/** `group`: a good point, of a capture that not every member of the group has one of. */
export type Untrusted = 'uncommitted' | 'fork' | 'future' | 'failed';
export interface PassedOver {
  readonly point: Point;
  readonly why: Untrusted | 'group';
}
export interface Choice {
  readonly component: string;
  readonly point: Point | null;
  /** `newest-good`: there are newer ones that could not be trusted. */
  readonly because: 'named' | 'group' | 'newest' | 'newest-good' | null;
  /** Why there is none. */
  readonly missing: NoPoint | null;
  /** Later data than the chosen point's, newest first; what a person names is not measured against others. */
  readonly passedOver: readonly PassedOver[];
}

/** An instant of the source server as this host's clock would have shown it (ms since 1970). */
export const onHostClock = (asOf: AsOf, edge: 'from' | 'to'): number =>
  Date.parse(asOf[edge]) - (asOf.offset_ms ?? 0);

const isCommitted = (p: Point): boolean => p.copies.some((c) => c.committed === true);
const byAge = (a: Point, b: Point): number =>
  onHostClock(b.as_of, 'to') - onHostClock(a.as_of, 'to') || (a.id < b.id ? -1 : 1);

/**
 * The point of each component: the named one, else the newest that is committed somewhere, did not fail its newest
 * check, is no fork, not from the future and no later than `until`. Members of a group get points of one capture where
 * one has them all, so that rows and the files they refer to fit: an older coherent set is preferred to newer points
 * that do not belong together.
 */
export function choosePoints(
  components: readonly Candidate[],
  points: readonly Point[],
  wish: Wish,
): ReadonlyMap<string, Choice> {
  const eligible = new Map(components.map((c) => [c.name, eligiblePoints(c.name, points, wish)]));
  const coherent = coherentGroups(components, eligible);
  return new Map(
    components.map(({ name, group }): [string, Choice] => {
      if (wish.point !== null) return [name, named(name, wish.point, points)];
      const together = group === null ? undefined : coherent.get(group)?.get(name);
      const point = together ?? eligible.get(name)?.[0];
      if (point === undefined) return [name, none(name, whyNone(name, points))];
      const passedOver = laterThan(point, points, wish);
      const newest = passedOver.length === 0 ? 'newest' : 'newest-good';
      const because = together === undefined ? newest : 'group';
      return [name, { component: name, point, because, missing: null, passedOver }];
    }),
  );
}

const none = (component: string, missing: NoPoint): Choice => ({
  component,
  point: null,
  because: null,
  missing,
  passedOver: [],
});

/** What holds later data than the chosen point, and was asked for: it exists, and is not what comes back. */
const laterThan = (chosen: Point, points: readonly Point[], { until }: Wish): readonly PassedOver[] =>
  points
    .filter(
      (p) =>
        p.component === chosen.component &&
        onHostClock(p.as_of, 'to') > onHostClock(chosen.as_of, 'to') &&
        !isLater(p, until),
    )
    .toSorted(byAge)
    .map((point) => ({ point, why: untrusted(point) ?? 'group' }));

/** Why a point is never chosen of its own accord; undefined: it is good. */
const untrusted = (p: Point): Untrusted | undefined => {
  if (!isCommitted(p)) return 'uncommitted';
  if (p.fork) return 'fork';
  if (p.future) return 'future';
  return p.verdict === 'fail' ? 'failed' : undefined;
};

/**
 * A person may name a fork, a point that failed a check or is dated in the future; never one that is not stored whole.
 */
function named(component: string, id: string, points: readonly Point[]): Choice {
  const point = points.find((p) => p.id === id && p.component === component);
  if (point === undefined) return none(component, 'unknown-id');
  if (!isCommitted(point)) return none(component, 'uncommitted');
  return { component, point, because: 'named', missing: null, passedOver: [] };
}

const isLater = (p: Point, until: Date | null): boolean =>
  until !== null && onHostClock(p.as_of, 'to') > until.getTime();

const eligiblePoints = (component: string, points: readonly Point[], { until }: Wish): readonly Point[] =>
  points
    .filter((p) => p.component === component && untrusted(p) === undefined && !isLater(p, until))
    .toSorted(byAge);

/** By group: the newest capture of which every asked-for member has an eligible point. */
function coherentGroups(
  components: readonly Candidate[],
  eligible: ReadonlyMap<string, readonly Point[]>,
): ReadonlyMap<string, ReadonlyMap<string, Point>> {
  const members = Map.groupBy(
    components.filter((c) => c.group !== null),
    (c) => c.group as string,
  );
  const result = new Map<string, ReadonlyMap<string, Point>>();
  for (const [group, of] of members) {
    const lists = of.map((c) => [c.name, eligible.get(c.name) as readonly Point[]] as const);
    const [, newestFirst] = lists[0] as (typeof lists)[number]; // groupBy makes no empty group
    const ids = newestFirst.flatMap((p) => (p.group?.name === group ? [p.group.id] : []));
    for (const id of ids) {
      const found = lists.flatMap(([name, list]) => {
        const point = list.find((p) => p.group?.id === id);
        return point === undefined ? [] : [[name, point] as const];
      });
      if (found.length < of.length) continue;
      result.set(group, new Map(found));
      break;
    }
  }
  return result;
}

function whyNone(component: string, points: readonly Point[]): NoPoint {
  const all = points.filter((p) => p.component === component);
  if (all.length === 0) return 'none';
  const committed = all.filter(isCommitted);
  if (committed.length === 0) return 'uncommitted';
  const own = committed.filter((p) => !p.fork);
  if (own.length === 0) return 'all-forks';
  const sound = own.filter((p) => p.verdict !== 'fail');
  if (sound.length === 0) return 'all-failed';
  return sound.every((p) => p.future) ? 'all-future' : 'all-later';
}

/** How far apart the data of several points is (ms), on one clock; null for none. */
export function spreadOf(points: readonly Point[]): number | null {
  const at = points.map((p) => onHostClock(p.as_of, 'from'));
  return at.length === 0 ? null : Math.max(...at) - Math.min(...at);
}

const levels: Readonly<Record<Level, number>> = { stored: 0, read: 1, parsed: 2, drilled: 3 };
export interface Store {
  readonly name: string;
  readonly role: 'primary' | 'copy';
}
export type Copy = Point['copies'][number];

/**
 * The copies of a point in the order in which they are to be tried: repositories that failed in this run last; copies
 * that failed a check, and copies nobody here knows to be committed, after the others; then the best checked; then
 * primaries, and the plan's order. Left out: copies known not to be committed, and repositories the plan does not name.
 */
export function copiesInOrder(
  point: Point,
  stores: readonly Store[],
  failed: ReadonlySet<string>,
): readonly Copy[] {
  const rank = (c: Copy): readonly number[] => {
    const at = stores.findIndex((s) => s.name === c.repository);
    return [
      failed.has(c.repository) ? 1 : 0,
      c.verdict === 'fail' ? 1 : 0,
      c.committed === true ? 0 : 1,
      -levels[c.level],
      stores[at]?.role === 'primary' ? 0 : 1,
      at,
    ];
  };
  return point.copies
    .filter((c) => c.committed !== false && stores.some((s) => s.name === c.repository))
    .toSorted((a, b) => {
      const [left, right] = [rank(a), rank(b)];
      return left.map((n, i) => n - (right[i] as number)).find((d) => d !== 0) ?? 0;
    });
}
