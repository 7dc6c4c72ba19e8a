import type { Finding, Protection } from '@reprise/contracts';

import type { AnyKind } from '../kinds/kind.ts';
import { hasData } from './contradictions.ts';
import { copies } from './feasibility/copies.ts';
import { delay } from './feasibility/delay.ts';
import { inside } from './feasibility/inside.ts';
import { loss } from './feasibility/loss.ts';
import { objectives } from './feasibility/objectives.ts';
import { overlap } from './feasibility/overlap.ts';
import { people } from './feasibility/people.ts';
import { proof } from './feasibility/proof.ts';
import { scenarios } from './feasibility/scenarios.ts';
import { support } from './feasibility/support.ts';
import { texts } from './feasibility/texts.ts';
import { remember, type View } from './feasibility/view.ts';
import type { PlanHistory } from './history.ts';
import type { Position, ResolvedPlan } from './resolved.ts';

/**
 * Can the plan be kept? One finding for each promise that was judged, with its line; in the order of the file. Pure:
 * times come from the history of earlier runs, and what nobody has measured is `unable`, never an estimate.
 */
export function feasibility(
  plan: ResolvedPlan,
  history: PlanHistory,
  now: Date,
  kinds: ReadonlyMap<string, AnyKind>,
): readonly Finding[] {
  const view: View = {
    plan,
    history,
    now,
    kinds,
    once: remember(),
    hasData: (name) => {
      const kind = kinds.get(name);
      return kind === undefined || hasData(kind);
    },
    captures: (name, protection) => {
      const method = (plan.plan.protections[protection] as Protection).methods[name];
      const kind = kinds.get(name);
      return method === undefined || kind === undefined || Object.hasOwn(kind.methods, method);
    },
  };
  return [loss, delay, objectives, copies, inside, overlap, scenarios, proof, people, texts, support]
    .flatMap((judgements) => judgements(view))
    .toSorted((a, b) => line(a) - line(b));
}
const line = (f: Finding): number => (f.at as Position).line;
