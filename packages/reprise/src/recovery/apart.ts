import { posix } from 'node:path';

import type { Host } from '../hosts/host.ts';
import type { Place } from '../kinds/kind.ts';
import { canonical, output } from '../kinds/tool.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { RecoveryDeps } from './deps.ts';
import { placeVariables, type RecoveryPlace } from './place.ts';

/**
 * A folder inside live data or a repository, or around it, is no other place: what lands there would be captured,
 * served or lost with it; nor is one that Reprise's own state lies in. Symbolic links are followed. Nor is one where
 * no folder can be made: /proc, /sys, a file system that is mounted read-only.
 * Throws `place.inside-live`, `place.holds-live`, `place.holds-home`, `place.unusable`.
 */
export async function insistApart(
  deps: Pick<RecoveryDeps, 'plan' | 'kinds' | 'home'>,
  place: RecoveryPlace,
  at: { readonly host: Host; readonly signal: AbortSignal },
): Promise<void> {
  if (place.kind !== 'directory') return;
  const { above, root } = await standing(place, at);
  for (const live of [...livePaths(deps), deps.home]) {
    const real = await canonical(at.host, live, at.signal);
    if (bare(real) !== '' && isWithin(root, real))
      throw new RepriseError('place.inside-live', { place: place.label, live });
    if (!isWithin(real, root)) continue;
    if (live === deps.home) throw new RepriseError('place.holds-home', { place: place.label, home: live });
    throw new RepriseError('place.holds-live', { place: place.label, live });
  }
  await insistUsable(place, above, at);
}

/** The nearest folder that exists, and where below it the place will lie, both without symbolic links. */
async function standing(place: RecoveryPlace, { host, signal }: { host: Host; signal: AbortSignal }) {
  const wanted = place.path('/');
  let above = bare(wanted);
  while (above !== '/' && (await host.stat(above, signal)) === undefined) above = posix.dirname(above);
  const real = await canonical(host, above, signal);
  return { above: real, root: posix.join(real, posix.relative(above, wanted)) };
}

/**
 * Source: statfs(2): a file system of the kernel's own has no blocks; test(1) says `-w` of a read-only one is false.
 */
async function insistUsable(
  place: RecoveryPlace,
  folder: string,
  { host, signal }: { host: Host; signal: AbortSignal },
): Promise<void> {
  const unusable = (why: 'not-a-folder' | 'no-room' | 'read-only'): RepriseError =>
    new RepriseError('place.unusable', { place: place.label, folder, reason: why });
  if ((await host.stat(folder, signal))?.type !== 'directory') throw unusable('not-a-folder');
  if ((await host.free(folder, signal)) === 0) throw unusable('no-room');
  if ((await output(host, { argv: ['test', '-w', folder] }, signal)).exit.code !== 0)
    throw unusable('read-only');
}

const bare = (path: string): string => path.replace(/\/+$/, '');
export const isWithin = (path: string, folder: string): boolean =>
  `${bare(path)}/`.startsWith(`${bare(folder)}/`);

/** What components and their services have in the live system, and repositories that are folders. */
function livePaths({ plan, kinds }: Pick<RecoveryDeps, 'plan' | 'kinds'>): ReadonlySet<string> {
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
  for (const { url } of Object.values(plan.plan.repositories)) {
    const folder = url?.replace(/^local:/, '');
    if (folder?.startsWith('/')) found.add(folder);
  }
  return found;
}
