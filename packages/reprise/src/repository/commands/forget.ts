import { RepriseError } from '../../lib/errors/index.ts';
import { output, patiently } from '../invoke.ts';
import type { Restic } from '../restic.ts';
import { shownUrl } from '../url.ts';
import { snapshots as listed } from './snapshots.ts';

/**
 * Forgets snapshots by id, never by a rule; ids that are gone already are no error. On an append-only server restic
 * exits with 0 having removed nothing, so the repository is asked afterwards. Throws `repository.append-only`.
 */
export async function forget(restic: Restic, ids: readonly string[], signal: AbortSignal): Promise<void> {
  const bad = ids.find((id) => !/^[0-9a-f]{64}$/.test(id));
  if (bad !== undefined) throw new TypeError(`not a whole snapshot id: ${bad}`);
  if (ids.length === 0) return;
  await patiently(restic, signal, async (retry) => {
    await output(restic, { args: ['forget', '--json', ...retry, '--', ...ids] }, signal);
  });
  const left = await listed(restic, signal, { ids });
  if (left.length > 0)
    throw new RepriseError('repository.append-only', {
      repository: restic.deps.name,
      url: shownUrl(restic.deps.url),
    });
}
