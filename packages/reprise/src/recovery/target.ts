import type { Point } from '@reprise/contracts';

import type { AnyKind, Context, Method } from '../kinds/kind.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { ResolvedComponent } from '../plan/resolved.ts';
import type { RecoveryDeps } from './deps.ts';
import type { RecoveryPlace } from './place.ts';

type Spec = Readonly<Record<string, unknown>>;

/** A component at the place of this recovery, and what is needed to work there. */
export interface Target {
  readonly component: ResolvedComponent;
  readonly kind: AnyKind;
  readonly place: RecoveryPlace;
  /** The kind's spec as it is at that place. */
  readonly spec: Spec;
  readonly context: Context;
}

export async function targetOf(
  deps: RecoveryDeps,
  name: string,
  place: RecoveryPlace,
  run: string | null,
  signal: AbortSignal,
): Promise<Target> {
  const component = deps.plan.components.get(name);
  const kind = component && deps.kinds.get(component.kind);
  if (component === undefined || kind === undefined)
    throw new RepriseError('recovery.unknown-component', {
      name,
      known: [...deps.plan.components.keys()].join(', '),
    });
  const spec = kind.relocate(component.spec, place) as Spec;
  const context = await deps.context(component, place, run, signal);
  return { component, kind, place, spec, context };
}

/** The method a point was made by. Throws `recovery.other-kind` where the plan has become another since. */
export function methodOf(kind: AnyKind, point: Point): Method<Spec> {
  const method = kind.methods[point.method];
  if (point.kind !== kind.name || method === undefined)
    throw new RepriseError('recovery.other-kind', {
      component: point.component,
      point: point.id,
      made: `${point.kind}/${point.method}`,
      now: kind.name,
    });
  return method;
}
