import { messages, patiently } from '../invoke.ts';
import type { Compression, Progress, SnapshotTags, Stored } from '../repository.ts';
import type { Restic } from '../restic.ts';
import { backupArgs, collector, fileName, storedOf, streamStored } from './backup.ts';

/**
 * Stores stdout of a command that restic starts: its exit status decides, a failure leaves no snapshot. `argv` must
 * clear the environment itself (`Host.wrap`): it inherits restic's, credentials of the backend included.
 */
export async function backupCommand(
  restic: Restic,
  argv: readonly [string, ...string[]],
  path: string,
  tags: SnapshotTags,
  signal: AbortSignal,
  progress?: (p: Progress) => void,
  compression?: Compression,
): Promise<Stored> {
  const part = fileName(path);
  return await patiently(restic, signal, async (retry) => {
    const { each, summary } = collector(() => restic.deps.clock.monotonic(), progress);
    const source = ['--stdin-filename', part, '--stdin-from-command', '--', ...argv];
    const args = [...backupArgs(restic, tags, retry, compression), ...source] as [string, ...string[]];
    const ended = await messages(restic, { args, part }, signal, each);
    return streamStored(restic, storedOf(restic, ended, summary(), part), part);
  });
}
