import type { Finding, Objectives } from '@reprise/contracts';

import type { Key } from '../problem.ts';
import { at, type View, withData } from './view.ts';

/** Do the objectives agree with each other? */
export const objectives = (view: View): readonly Finding[] => [
  ...system(view, 'rpo'),
  ...system(view, 'rto'),
  ...each(view).flatMap(([path, of]) => [...downtime(view, path, of), ...tolerance(view, path, of)]),
  ...availability(view),
];

/** The system has what its slowest component has: it cannot promise more. */
function system(view: View, which: 'rpo' | 'rto'): readonly Finding[] {
  const objective = view.plan.plan.objectives[which];
  if (objective === undefined) return [];
  // A component without data loses none: its RPO says nothing.
  const components = which === 'rpo' ? withData(view) : [...view.plan.components.values()];
  const looser = components.filter((c) => (c.objectives[which] ?? Number.POSITIVE_INFINITY) > objective);
  const silent = looser.filter((c) => c.objectives[which] === undefined);
  const params = {
    which,
    objective_ms: objective,
    looser: looser.map((c) => c.name).join(', '),
    worst_ms: looser.reduce((most, c) => Math.max(most, c.objectives[which] ?? 0), 0),
  };
  const verdict = looser.length === 0 ? 'pass' : looser.length === silent.length ? 'unable' : 'fail';
  return [at(view, ['objectives', which], verdict, 'plan.system-objective', `objectives.${which}`, params)];
}

type Named = readonly [path: readonly Key[], objectives: Objectives];
const each = (view: View): readonly Named[] => [
  [['objectives'], view.plan.plan.objectives],
  ...Object.entries(view.plan.plan.tiers).map(([name, of]): Named => [['tiers', name], of]),
  ...Object.entries(view.plan.plan.scenarios).map(([name, of]): Named => [
    ['scenarios', name, 'objectives'],
    of.objectives,
  ]),
];

function downtime(view: View, path: readonly Key[], { rto, mtd }: Objectives): readonly Finding[] {
  if (mtd === undefined) return [];
  const verdict = rto === undefined ? 'unable' : rto > mtd ? 'fail' : 'pass';
  return [
    at(view, [...path, 'mtd'], verdict, 'plan.mtd', path.join('.'), { rto_ms: rto ?? null, mtd_ms: mtd }),
  ];
}

/** A tolerance as long as the objective leaves nothing of it. */
function tolerance(
  view: View,
  path: readonly Key[],
  { rpo, rto, tolerance: allowed }: Objectives,
): readonly Finding[] {
  if (allowed === undefined) return [];
  const least = Math.min(rpo ?? Number.POSITIVE_INFINITY, rto ?? Number.POSITIVE_INFINITY);
  const params = { tolerance_ms: allowed, objective_ms: Number.isFinite(least) ? least : null };
  const verdict = params.objective_ms === null ? 'unable' : allowed >= least ? 'fail' : 'pass';
  return [at(view, [...path, 'tolerance'], verdict, 'plan.tolerance', path.join('.'), params)];
}

const year = 365 * 86_400_000;

/** What the promised availability leaves for a year, against the longest recovery that the plan itself foresees. */
function availability(view: View): readonly Finding[] {
  const { objectives: own, scenarios } = view.plan.plan;
  if (own.availability === undefined) return [];
  const budget = Math.round(((100 - Number.parseFloat(own.availability)) / 100) * year);
  const longest = Math.max(0, own.rto ?? 0, ...Object.values(scenarios).map((s) => s.objectives.rto ?? 0));
  return [
    at(
      view,
      ['objectives', 'availability'],
      longest > budget ? 'fail' : 'unable',
      'plan.availability',
      'objectives',
      {
        promised: own.availability,
        budget_ms: budget,
        longest_ms: longest,
      },
    ),
  ];
}
