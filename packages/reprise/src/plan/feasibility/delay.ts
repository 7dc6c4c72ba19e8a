import type { Finding } from '@reprise/contracts';

import { ordered } from '../order.ts';
import type { ResolvedPlan } from '../resolved.ts';
import { at, type View } from './view.ts';

/** When a component is back, counted from the request. */
export interface Arrival {
  /** What is known of it: a lower bound where `unknown` is not empty. */
  readonly ms: number;
  /** Restored one after the other, the last being the component itself. */
  readonly path: readonly string[];
  /** Those on the path whose time nobody knows. */
  readonly unknown: readonly string[];
  readonly measured: boolean;
}

const dependencies = (
  plan: ResolvedPlan,
  among?: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...plan.components.values()]
      .filter((c) => among === undefined || among.has(c.name))
      .map((c) => [c.name, c.common.depends_on]),
  );

/**
 * Along the longest path over depends_on: what a component waits for, then its own restore. `among` includes what its
 * members depend on.
 */
export function arrivals(view: View, among?: ReadonlySet<string>): ReadonlyMap<string, Arrival> {
  const edges = dependencies(view.plan, among);
  const result = new Map<string, Arrival>();
  for (const name of ordered(edges)) {
    const before = (edges.get(name) as readonly string[]).map((d) => result.get(d) as Arrival);
    const awaited = before.toSorted((a, b) => b.ms - a.ms)[0];
    const unknown = [...new Set(before.flatMap((b) => b.unknown))];
    const own = view.history.restoreMs(name);
    result.set(name, {
      ms: (awaited?.ms ?? 0) + (own?.ms ?? 0),
      path: [...(awaited?.path ?? []), name],
      unknown: own === null ? [...unknown, name] : unknown,
      measured: (awaited?.measured ?? true) && (own?.measured ?? false),
    });
  }
  return result;
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
