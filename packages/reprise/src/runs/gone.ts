import { planFile } from '../journal/segments.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { shownUrl } from '../repository/url.ts';
import type { Deps } from './deps.ts';

/**
 * A component that the plan no longer has and of which points exist: where its plan of then lies, and how the data is
 * had without one. Undefined where there are none.
 */
export function goneFromPlan(
  deps: Pick<Deps, 'plan' | 'points' | 'journal'>,
  name: string,
): RepriseError | undefined {
  const points = deps.points({ component: name });
  const copies = points.flatMap((point) =>
    point.copies.filter((c) => c.committed === true).map((copy) => ({ point, ...copy })),
  );
  const best = copies.find((c) => c.verdict !== 'fail') ?? copies[0];
  if (best === undefined) return undefined;
  const { point, repository, parts } = best;
  const url = deps.plan.plan.repositories[repository]?.url;
  const restic = `restic -r ${url === undefined ? repository : shownUrl(url)}`;
  const states = [...deps.journal.entries({ run: point.run, type: 'state.stored' })];
  const state = states.findLast((e) => e.body['repository'] === repository)?.body['snapshot'];
  return new RepriseError('recovery.component-gone', {
    name,
    count: new Set(points.map((p) => p.id)).size,
    newest: point.id,
    kind: point.kind,
    plan: typeof state === 'string' ? `${restic} dump ${state.slice(0, 8)} /${planFile}` : '',
    data: parts
      .map((p) => `${restic} restore ${p.snapshot.slice(0, 8)} --target /var/tmp/${name}`)
      .join(' && '),
  });
}
