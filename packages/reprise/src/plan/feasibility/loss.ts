import type { Finding } from '@reprise/contracts';

import { longestGap } from '../../lib/cron.ts';
import type { ResolvedComponent } from '../resolved.ts';
import { at, protectionsOf, rhythmOf, type View, withData } from './view.ts';

/** How much could be lost: the schedule's longest gap, and the time a capture takes, against each RPO. */
export function loss(view: View): readonly Finding[] {
  return withData(view).map((component) => ofComponent(view, component, gapOf(view, component)));
}

/** The longest time between two captures of a component; null where nothing captures it. */
export function gapOf(view: View, component: ResolvedComponent): number | null {
  const protections = protectionsOf(view, component);
  return view.once(`gap ${protections.join(' ')}`, () =>
    longestGap(
      protections.map((p) => rhythmOf(view, p)),
      view.now,
    ),
  );
}

function ofComponent(view: View, component: ResolvedComponent, gap: number | null): Finding {
  const { name, objectives } = component;
  const path = ['components', name];
  if (gap === null) return at(view, path, 'fail', 'plan.no-captures', name, {});
  const capture = view.history.captureMs(name);
  const { rpo, tolerance } = objectives;
  const params = { gap_ms: gap, capture_ms: capture, rpo_ms: rpo ?? null, tolerated: false };
  if (rpo === undefined) return at(view, path, 'unable', 'plan.rpo', name, params);
  const worst = gap + (capture ?? 0);
  // A capture takes some time: a gap as long as the objective breaks it already.
  if (worst > rpo || (capture === null && gap === rpo))
    return at(view, path, 'fail', 'plan.rpo', name, {
      ...params,
      tolerated: capture !== null && worst <= rpo + (tolerance ?? 0),
    });
  return at(view, path, capture === null ? 'unable' : 'pass', 'plan.rpo', name, params);
}
