import { exitCodes, type PointsReport } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { wholePoints } from './catalogue.ts';
import type { Deps } from './deps.ts';

/**
 * `reprise points`: from the local view alone, whose age is said. `since`: as of then or later (RFC 3339). Points of a
 * superseded installation are listed apart. Throws `points.unknown-component`.
 */
export function listPoints(
  deps: Deps,
  { component, since }: { readonly component: string | null; readonly since: string | null },
): PointsReport {
  const all = deps.points();
  const known = new Set([...deps.plan.components.keys(), ...all.map((p) => p.component)]);
  if (component !== null && !known.has(component))
    throw new RepriseError('points.unknown-component', { name: component, known: [...known].join(', ') });
  const from = since === null ? Number.NEGATIVE_INFINITY : Date.parse(since);
  const wanted = all.filter(
    (p) => (component === null || p.component === component) && Date.parse(p.as_of.from) >= from,
  );
  const looked = deps.journal.views().map((v) => v.at);
  return {
    v: 1,
    command: 'points',
    exit: exitCodes.done,
    as_of: looked.toSorted()[0] ?? null, // the oldest look: of what was seen later, everything is known
    points: wholePoints(wanted.filter((p) => !p.fork)),
    forks: wholePoints(wanted.filter((p) => p.fork)),
  };
}
