import { RepriseError } from '../../lib/errors/index.ts';
import { inBoth } from '../../lib/i18n/index.ts';
import { failureCode } from '../failure.ts';
import { messages, reading } from '../invoke.ts';
import type { Progress } from '../repository.ts';
import type { Restic } from '../restic.ts';
import { collector } from './backup.ts';

/**
 * Puts a snapshot's tree into a folder, with owners, modes, times, ACLs, xattrs, hard links and holes, and reads it
 * back. `files` counts everything but the top folder. Throws `repository.damaged`, `repository.target-full`.
 */
export async function restore(
  restic: Restic,
  snapshot: string,
  into: string,
  signal: AbortSignal,
  progress?: (p: Progress) => void,
): Promise<{ bytes: number; files: number }> {
  const { each, summary } = collector(() => restic.deps.clock.monotonic(), progress);
  const { result: ended, check } = await reading(restic, signal, async (flags) => {
    const args = ['--json', '--verify', '--sparse', ...flags, '--target', into, '--', snapshot];
    const done = await messages(restic, { args: ['restore', ...args] }, signal, each);
    return [done, done];
  });
  if (ended.code !== 0 && failureCode(ended.code, ended.stderr) === 'repository.full')
    throw new RepriseError('repository.target-full', { path: into, snapshot });
  check(ended);
  const n = (key: string): number => Number(summary()?.[key] ?? 0);
  const done = n('bytes_restored') + n('bytes_skipped');
  if (summary() === undefined || done < n('total_bytes'))
    throw new RepriseError('repository.damaged', {
      repository: restic.deps.name,
      what: inBoth((t) => t['why.restored-less']({ snapshot, done, of: n('total_bytes') })),
    });
  return { bytes: n('total_bytes'), files: n('total_files') };
}
