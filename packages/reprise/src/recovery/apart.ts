import type { Context, Place } from '../kinds/kind.ts';
import { canonical } from '../kinds/tool.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { RecoveryDeps } from './deps.ts';
import { placeVariables, type RecoveryPlace } from './place.ts';

/**
 * A folder inside live data or a repository is no other place: what lands there would be captured,
 * served or lost with it. Symbolic links are followed. Throws `place.inside-live`.
 */
export async function insistApart(deps: RecoveryDeps, place: RecoveryPlace, at: Context): Promise<void> {
  if (place.kind !== 'directory') return;
  const root = await canonical(at.host, place.path('/'), at.signal);
  for (const live of livePaths(deps)) {
    const real = (await canonical(at.host, live, at.signal)).replace(/\/+$/, '');
    if (real !== '' && `${root.replace(/\/+$/, '')}/`.startsWith(`${real}/`))
      throw new RepriseError('place.inside-live', { place: place.label, live });
  }
}

/** What components and their services have in the live system, and repositories that are folders. */
function livePaths({ plan, kinds }: RecoveryDeps): ReadonlySet<string> {
  const found = new Set<string>();
  const survey: Place = {
    kind: 'directory',
    label: 'directory:/',
    path: (original) => {
      found.add(original);
      return original;
    },
    port: (original) => original,
  };
  for (const { kind, spec, service } of plan.components.values()) {
    kinds.get(kind)?.relocate(spec, survey);
    for (const v of Object.values(placeVariables(plan, service))) if ('path' in v) found.add(v.path);
  }
  for (const { url } of Object.values(plan.plan.repositories)) if (url?.startsWith('/')) found.add(url);
  return found;
}
