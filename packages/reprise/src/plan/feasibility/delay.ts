import type { Finding } from '@reprise/contracts';

import { type Slot, type Task, timetable, wayTo } from '../../lib/timetable.ts';
import { at, type View } from './view.ts';

/** When a component is back, counted from the request. */
export interface Arrival {
  /** What is known of it: a lower bound where `unknown` is not empty. */
  readonly ms: number;
  /** What it waits for, one after the other, for its data or for a free place; the last is the component itself. */
  readonly path: readonly string[];
  /** Those whose time nobody knows and that it waits for, or may wait for. */
  readonly unknown: readonly string[];
  readonly measured: boolean;
}

/**
 * When each component is back if all, or these, are recovered as `recover` would: after what it depends on, as many at
 * a time as the plan allows on a host, in the plan's order. What is not `among` them is taken as being there.
 */
export function arrivals(view: View, among?: ReadonlySet<string>): ReadonlyMap<string, Arrival> {
  const { parallel, order } = view.plan.plan.recovery;
  const chosen = [...view.plan.components.values()].filter((c) => among?.has(c.name) ?? true);
  const edges = new Map(
    chosen.map((c) => [c.name, c.common.depends_on.filter((d) => among?.has(d) ?? true)]),
  );
  const names = sequence(edges, order);
  const hosts = new Map(chosen.map((c) => [c.name, c.host]));
  const restore = new Map(names.map((name) => [name, view.history.restoreMs(name)]));
  const tasks = names.map((name) => ({
    name,
    after: edges.get(name) as readonly string[],
    host: hosts.get(name) as string,
    ms: restore.get(name)?.ms ?? 0,
  }));
  const slots = timetable(tasks, parallel);
  const rivals = rivalsOf(tasks, parallel, (name) => restore.get(name) === null);
  const result = new Map<string, Arrival>();
  for (const { name, after } of tasks) {
    const path = wayTo(name, slots);
    const before = after.flatMap((d) => (result.get(d) as Arrival).unknown);
    const own = restore.get(name) === null ? [name] : rivals(name);
    result.set(name, {
      ms: (slots.get(name) as Slot).end,
      path,
      unknown: [...new Set([...before, ...own])],
      measured: path.every((p) => restore.get(p)?.measured === true),
    });
  }
  return result;
}

/** Dependencies first, else by `preference`, else as given: the order in which `recover` has its steps. */
function sequence(
  edges: ReadonlyMap<string, readonly string[]>,
  preference: readonly string[],
): readonly string[] {
  const rank = new Map(preference.toReversed().map((name, i) => [name, preference.length - 1 - i]));
  const preferred = [...edges.keys()].toSorted(
    (a, b) => (rank.get(a) ?? preference.length) - (rank.get(b) ?? preference.length),
  );
  // One at a time and without taking any: the first that waits for nothing comes next.
  const tasks = preferred.map((name) => ({
    name,
    after: edges.get(name) as readonly string[],
    host: '',
    ms: 0,
  }));
  return [...timetable(tasks, 1).keys()];
}

/**
 * Those whose time nobody knows and that may take a component's place on its host: none where there is a place for all
 * that neither depend on it nor come before it.
 */
function rivalsOf(tasks: readonly Task[], parallel: number, isUnknown: (name: string) => boolean) {
  const unknown = tasks.filter((t) => isUnknown(t.name));
  const needs = new Map(tasks.map((t) => [t.name, t.after]));
  const neededBy = new Map(tasks.map((t): [string, string[]] => [t.name, []]));
  for (const { name, after } of tasks) for (const d of after) neededBy.get(d)?.push(name);
  const hosts = Map.groupBy(tasks, (t) => t.host);
  const hostOf = new Map(tasks.map((t) => [t.name, t.host]));
  return (name: string): readonly string[] => {
    const host = hosts.get(hostOf.get(name) as string) as readonly Task[];
    if (unknown.length === 0 || host.length <= parallel) return [];
    const related = new Set([...reachedFrom(name, needs), ...reachedFrom(name, neededBy)]);
    const rivals = host.filter((t) => !related.has(t.name));
    return rivals.length < parallel ? [] : rivals.flatMap((t) => (isUnknown(t.name) ? [t.name] : []));
  };
}

function reachedFrom(from: string, edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set([from]);
  for (const name of found) for (const next of edges.get(name) as readonly string[]) found.add(next);
  return found;
}

/** The one that comes last. */
export const last = (all: Iterable<Arrival>): Arrival =>
  [...all].reduce<Arrival>(
    (a, b) => ({
      ...(b.ms >= a.ms ? b : a),
      unknown: [...new Set([...a.unknown, ...b.unknown])],
    }),
    { ms: 0, path: [], unknown: [], measured: true },
  );

/** The restore path against each RTO, and the whole system's. */
export function delay(view: View): readonly Finding[] {
  const all = arrivals(view);
  const components = [...view.plan.components.values()].map((c) =>
    against(view, ['components', c.name], c.name, all.get(c.name) as Arrival, c.objectives),
  );
  return [
    ...components,
    against(view, ['objectives', 'rto'], 'objectives.rto', last(all.values()), view.plan.plan.objectives),
  ];
}

function against(
  view: View,
  path: readonly string[],
  subject: string,
  arrival: Arrival,
  objectives: { readonly rto?: number | undefined; readonly tolerance?: number | undefined },
): Finding {
  const { rto } = objectives;
  const params = {
    ms: arrival.ms,
    rto_ms: rto ?? null,
    path: arrival.path.join(' → '),
    measured: arrival.measured,
    unknown: arrival.unknown.join(', '),
    tolerated: rto !== undefined && arrival.ms <= rto + (objectives.tolerance ?? 0),
  };
  if (rto !== undefined && arrival.ms > rto) return at(view, path, 'fail', 'plan.rto', subject, params);
  const known = rto !== undefined && arrival.unknown.length === 0;
  return at(view, path, known ? 'pass' : 'unable', 'plan.rto', subject, params);
}
