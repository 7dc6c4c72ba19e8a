import { realpath } from 'node:fs/promises';

import { localFolder } from '../plan/feasibility/support.ts';
import type { ResolvedPlan } from '../plan/resolved.ts';

/** Working space that the users of the plan's tools can reach: not below a home that only root may enter. */
export const scratchOf = ({ plan }: Pick<ResolvedPlan, 'plan'>): string =>
  plan.recovery.scratch ?? defaultScratch();
export const defaultScratch = (): string => `/var/tmp/reprise-${process.getuid?.() ?? 0}`;

/**
 * Where Reprise itself writes: its home, working space, the plan's repositories on this host; as named, and behind
 * symbolic links. A capture that held them would hold itself.
 */
export async function ownPlaces(home: string, plan: Pick<ResolvedPlan, 'plan'>): Promise<readonly string[]> {
  const repositories = Object.values(plan.plan.repositories)
    .flatMap(({ url, writer, maintainer }) => [url, writer.url ?? [], maintainer.url ?? []].flat())
    .flatMap((url) => localFolder(url) ?? []);
  const named = [home, scratchOf(plan), ...repositories];
  const real = await Promise.all(named.map((path) => realpath(path).catch(() => path)));
  return [...new Set([...named, ...real])];
}
