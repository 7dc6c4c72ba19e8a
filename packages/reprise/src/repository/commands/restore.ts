import { RepriseError } from '../../lib/errors/index.ts';
import { inBoth } from '../../lib/i18n/index.ts';
import { failureCode } from '../failure.ts';
import { messages } from '../invoke.ts';
import type { Progress } from '../repository.ts';
import type { Ended, Restic } from '../restic.ts';
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
  const attempt = async (...more: string[]): Promise<Ended> => {
    const args = ['--json', '--verify', '--sparse', ...more, '--target', into, '--', snapshot];
    return await messages(restic, { args: ['restore', ...args] }, signal, each);
  };
  const locked = await attempt();
  const ended = hasNoRoomForLock(locked) ? await attempt('--no-lock') : locked;
  if (ended.code !== 0 && failureCode(ended.code, ended.stderr) === 'repository.full')
    throw new RepriseError('repository.target-full', { path: into, snapshot });
  restic.check(ended);
  const n = (key: string): number => Number(summary()?.[key] ?? 0);
  const done = n('bytes_restored') + n('bytes_skipped');
  if (summary() === undefined || done < n('total_bytes'))
    throw new RepriseError('repository.damaged', {
      repository: restic.deps.name,
      what: inBoth((t) => t['why.restored-less']({ snapshot, done, of: n('total_bytes') })),
    });
  return { bytes: n('total_bytes'), files: n('total_files') };
}

/**
 * A repository whose disk is full has no room for a reader's lock: it is read without one. A `prune` at the same time
 * would be noticed as damage, not restored as data.
 */
export const hasNoRoomForLock = ({ code, stderr }: Ended): boolean =>
  code !== 0 && /lock/i.test(stderr) && failureCode(code, stderr) === 'repository.full';
