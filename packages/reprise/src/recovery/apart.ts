import type { Context, Place } from '../kinds/kind.ts';
import { canonical } from '../kinds/tool.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { RecoveryDeps } from './deps.ts';
import { placeVariables, type RecoveryPlace } from './place.ts';

/**
 * A folder inside live data or a repository is no other place: what lands there would be captured,
 * served or lost with it; nor is one that Reprise's own state lies in. Symbolic links are followed.
 * Throws `place.inside-live`, `place.holds-home`.
 */
export async function insistApart(deps: RecoveryDeps, place: RecoveryPlace, at: Context): Promise<void> {
  if (place.kind !== 'directory') return;
  const root = await canonical(at.host, place.path('/'), at.signal);
  for (const live of [...livePaths(deps), deps.home]) {
    const real = await canonical(at.host, live, at.signal);
    if (bare(real) !== '' && isWithin(root, real))
      throw new RepriseError('place.inside-live', { place: place.label, live });
    if (live === deps.home && isWithin(real, root))
      throw new RepriseError('place.holds-home', { place: place.label, home: live });
  }
}

const bare = (path: string): string => path.replace(/\/+$/, '');
const isWithin = (path: string, folder: string): boolean => `${bare(path)}/`.startsWith(`${bare(folder)}/`);

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
