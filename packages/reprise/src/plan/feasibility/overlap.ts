import type { Finding } from '@reprise/contracts';

import { overlaps } from '../../kinds/extent.ts';
import { at, type View, withData } from './view.ts';

/**
 * Data that two components hold: a recovery would replace one's by the other's copy, and is refused; `unable` where only a name that
 * both choose would be. By the paths as the
 * plan has them: links are followed by the command that would act.
 */
export const overlap = (view: View): readonly Finding[] =>
  [...Map.groupBy(withData(view), (c) => c.host).values()].flatMap((components) =>
    overlaps(
      components.flatMap(({ name, kind, spec, protections }) =>
        protections.length === 0 ? [] : [{ name, extents: view.kinds.get(kind)?.extents?.(spec) ?? [] }],
      ),
    ).map(({ outer, certain, ...params }) =>
      at(view, ['components', outer, 'excludes'], certain ? 'fail' : 'unable', 'plan.overlap', outer, params),
    ),
  );
