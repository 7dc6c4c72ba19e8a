import type { Point } from '@reprise/contracts';

import type { ResolvedPlan } from '../plan/resolved.ts';

/**
 * Repositories that the point's protection names and that are known not to have it; those of which it is not known here
 * are not among them.
 */
export const withoutCopy = ({ plan }: Pick<ResolvedPlan, 'plan'>, point: Point): readonly string[] =>
  (plan.protections[point.protection ?? '']?.repositories ?? []).filter(
    (r) => !point.copies.some((c) => c.repository === r && c.committed !== false),
  );
