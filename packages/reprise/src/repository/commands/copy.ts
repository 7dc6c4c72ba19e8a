import { RepriseError } from '../../lib/errors/index.ts';
import { output, patiently } from '../invoke.ts';
import type { Snapshot } from '../repository.ts';
import type { Restic } from '../restic.ts';
import { snapshots } from './snapshots.ts';

/**
 * Copies snapshots from another repository; what is here already is recognised by restic and not copied again. Gives
 * the id here for each id there, by the `original` that restic records (of a copy's copy: the first original).
 */
export async function copy(
  restic: Restic,
  from: Restic,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  await patiently(restic, signal, async (retry) => {
    await output(restic, { args: ['copy', ...retry, '--', ...ids], from }, signal);
  });
  const here = byOriginal(await snapshots(restic, signal));
  const direct = new Map(ids.flatMap((id) => pair(id, here.get(id))));
  const rest = ids.filter((id) => !direct.has(id));
  if (rest.length === 0) return direct;
  for (const there of await snapshots(from, signal, { ids: rest }))
    for (const [id, found] of pair(there.id, here.get(there.original ?? there.id))) direct.set(id, found);
  const missing = ids.find((id) => !direct.has(id));
  if (missing !== undefined)
    throw new RepriseError('repository.snapshot-missing', { repository: restic.deps.name, what: missing });
  return direct;
}

const pair = (id: string, found: string | undefined): (readonly [string, string])[] =>
  found === undefined ? [] : [[id, found]];

const byOriginal = (list: readonly Snapshot[]): ReadonlyMap<string, string> =>
  new Map(list.flatMap((s) => (s.original === undefined ? [] : [[s.original, s.id] as const])));
