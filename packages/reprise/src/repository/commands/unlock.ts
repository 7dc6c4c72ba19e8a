import { output } from '../invoke.ts';
import type { Restic } from '../restic.ts';

/** Removes stale locks only: of processes of this machine that are gone, and those older than 30 minutes. */
export async function unlock(restic: Restic, signal: AbortSignal): Promise<void> {
  await output(restic, { args: ['unlock'] }, signal);
}
