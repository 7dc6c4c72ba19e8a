import type { Finding } from '@reprise/contracts';

import type { ResolvedComponent } from '../resolved.ts';
import { at, type View, withData } from './view.ts';

/** What would show that a recovery worked: checks, and drills. */
export const proof = (view: View): readonly Finding[] => [
  ...[...view.plan.components.values()].map((c) =>
    at(view, ['components', c.name], c.common.checks.length > 0 ? 'pass' : 'unable', 'plan.checks', c.name, {
      checks: c.common.checks.length,
    }),
  ),
  ...[...view.plan.components.values()].flatMap((c) => tooLong(view, c)),
  ...withData(view).map((c) => {
    const drilled = view.history.lastDrill(c.name);
    const every = view.plan.plan.document.drill_every ?? null;
    const params = { last: drilled?.toISOString().slice(0, 10) ?? null, every_ms: every };
    const old = drilled !== null && every !== null && view.now.getTime() - drilled.getTime() > every;
    const verdict = drilled === null || every === null ? 'unable' : old ? 'fail' : 'pass';
    return at(view, ['components', c.name], verdict, 'plan.drilled', c.name, params);
  }),
];

/** Checks that may be tried for longer than the recovery may take: where they pass late, the objective is missed by then. */
const tooLong = (view: View, { name, common, objectives: { rto } }: ResolvedComponent): readonly Finding[] =>
  common.checks.flatMap((check, i) => {
    if (rto === undefined || check.max_duration <= rto) return [];
    const params = { check: check.name, max_ms: check.max_duration, rto_ms: rto };
    const path = ['components', name, 'checks', i, 'max_duration'];
    return [at(view, path, 'fail', 'plan.check-duration', name, params)];
  });
