import type { Finding } from '@reprise/contracts';

import { judge } from '../lib/findings/index.ts';
import type { Repository } from './repository.ts';

/**
 * Asks the repository itself, in one call for all parts of a run, whether it has the snapshots that restic said it
 * made, with as many bytes: a restic that prints a summary and writes nothing shows here. Level `stored`.
 */
export async function stored(
  repository: Pick<Repository, 'name' | 'snapshots'>,
  expected: readonly { readonly snapshot: string; readonly bytes: number }[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const there = await repository.snapshots(signal, { ids: expected.map((e) => e.snapshot) });
  return expected.map(({ snapshot, bytes }) => {
    const found = there.find((s) => s.id === snapshot);
    const params = { repository: repository.name, bytes: found?.bytes ?? null, expected: bytes };
    return judge(found?.bytes === bytes ? 'pass' : 'fail', 'repository.stored', snapshot, params);
  });
}
